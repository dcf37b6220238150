"""How the portal runs: its environment, its embedded servers, its supervisor and its test services.

Everything here works with the standard library alone and knows nothing of Django or the portal's
storeys: `manage.py` needs it before anything is installed.
"""
