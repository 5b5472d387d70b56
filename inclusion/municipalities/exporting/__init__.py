"""What a town knows, in the forms others read: iCalendar, 自治体標準 CSV and schema.org."""

from .calendar_file import area_calendar
from .schema_org import schema_org
from .standard_csv import standard_csv

__all__ = ["area_calendar", "schema_org", "standard_csv"]
