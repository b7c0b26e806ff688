"""The main window around the panels: docks, menus, header, status bar, tray and command palette."""
