"""Files from outside: one place decides what may come in, by its bytes, and how it is given out.

`kinds.media_type` is the gate that every role's upload passes; `serving.headers` is how a file
leaves. Nothing here is rendered, executed, fetched or written, and nothing imports Django. What a
file unpacks to is counted while it unpacks, so that memory and time have an end. Files are not
scanned for viruses; a page that lists one says so (decisions, 24).
"""
