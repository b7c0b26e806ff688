"""What the engine needs of the operating system: home, locks, programs, git, display, clock."""
