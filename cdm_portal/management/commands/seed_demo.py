"""`manage.py seed_demo`: load the demonstration once, by the product's own actions."""

from typing import Any

from django.core.management.base import BaseCommand

from cdm_portal import clock, record
from cdm_portal.demonstration import reviews
from cdm_portal.demonstration.people import People, address
from cdm_portal.demonstration.portfolio import PORTFOLIO
from cdm_portal.demonstration.walk import Walk
from cdm_portal.identity.models import User
from projects.models import Project
from registry import actions as registry_actions


class Command(BaseCommand):
    """Idempotent: a project whose title is there already is left as it is."""

    help = "Load the fictional demonstration portfolio; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Register people, walk each project to its stage, reconcile."""
        if not clock.is_demonstration():  # `up` has the owner begin it before
            record.begin_demonstration()
        at = clock.now()
        people = People(at)
        if User.objects.filter(email=address("buyer")).exists():
            people.recall()
        else:
            people.register()
        reviews.plan_meetings(people, at)
        for sketch in PORTFOLIO:
            if Project.objects.filter(title=sketch.title, fictional=True).exists():
                continue
            project = Walk(people, sketch, at).go()
            self.stdout.write(f"  {project.name:<10} {project.stage:<20} {sketch.title}")
        found = registry_actions.reconcile(at=clock.now())
        self.stdout.write(f"  the books {'balance' if found.ok else 'DO NOT BALANCE'}")
