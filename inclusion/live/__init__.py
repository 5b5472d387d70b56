"""Live events as a town plans them: the calendar, tickets, hosts, reminders, films; the library `streaming` carries the picture."""
