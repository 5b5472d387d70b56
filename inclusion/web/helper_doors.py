"""All pages about helping, put together from a platform; without it the wiring of everything would know each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter

from .class_planning import class_planning_router
from .pages import Pages
from .place_pages import place_router
from .platform import Platform
from .roster_pages import roster_router
from .staff_session import StaffServices
from .team_staff import TeamDesk, team_router
from .volunteer_pages import TeamServices, volunteer_router
from .volunteer_planning import volunteer_planning_router
from .volunteer_profile import volunteer_profile_router


def helper_routers(platform: Platform, staff: StaffServices, pages: Pages, limit: Callable[..., Any]) -> Sequence[APIRouter]:
    telling, notify = platform.answering.telling, platform.courier.notify
    services = TeamServices(platform.database, telling, staff.clock, staff.public_url, limit, notify)
    desk = TeamDesk(staff, pages, telling, notify)
    own = (volunteer_router(services, pages), volunteer_planning_router(services, pages), volunteer_profile_router(services, pages))
    return (*own, class_planning_router(desk), team_router(desk), roster_router(desk), place_router(desk))
