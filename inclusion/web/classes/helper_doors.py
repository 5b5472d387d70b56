"""All pages about helping, put together from a platform; without it the wiring of everything would know each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter

from inclusion.web.pages import Pages
from inclusion.web.platform import Platform
from inclusion.web.staff.session import StaffServices

from .places import place_router
from .planning import class_planning_router
from .roster import roster_router
from .team import TeamDesk, team_router
from .volunteer_planning import volunteer_planning_router
from .volunteer_profile import volunteer_profile_router
from .volunteers import TeamServices, volunteer_router


def helper_routers(platform: Platform, staff: StaffServices, pages: Pages, limit: Callable[..., Any]) -> Sequence[APIRouter]:
    telling, notify = platform.answering.telling, platform.courier.notify
    services = TeamServices(platform.database, telling, staff.clock, staff.public_url, limit, notify)
    desk = TeamDesk(staff, pages, telling, notify)
    own = (volunteer_router(services, pages), volunteer_planning_router(services, pages), volunteer_profile_router(services, pages))
    return (*own, class_planning_router(desk), team_router(desk), roster_router(desk), place_router(desk))
