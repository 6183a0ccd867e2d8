"""What forms, lists and pages are made of: fields, widgets, filters, displays."""
