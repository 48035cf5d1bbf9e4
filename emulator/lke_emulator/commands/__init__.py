"""What the command line can do, one file a command. Each imports what it needs when it runs."""
