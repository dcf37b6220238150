"""What of a project is measured, and so has meters to calibrate. Nothing here writes."""

from projects.methodologies.base import Parameter
from projects.models import Project
from projects.participant import design, queries


def parameters(project: Project) -> tuple[Parameter, ...]:
    """The monitored parameters of the design document in force, or last frozen; none before."""
    version = queries.version_in_force(project) or queries.latest_version(project)
    if version is None:
        return ()
    methodology = design.methodology_of(version.content)
    context = design.facts_of(version.content)
    if methodology is None or context is None:
        return ()
    return methodology.monitored(context)
