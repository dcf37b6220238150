#!/usr/bin/env python3
"""The one command of the portal. Needs nothing but Python until its environment exists."""

import sys

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit("The portal needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0])

from cdm_portal.runtime import commandline

if __name__ == "__main__":
    sys.exit(commandline.main(sys.argv))
