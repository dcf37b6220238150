"""Pages of Board and secretariat: `requests` for a request, `ends` for how a project ends."""

