"""Pages composed of several storeys: home, the desk, the project page (decisions, 16)."""
