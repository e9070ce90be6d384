"""What would make a project pass, and where else could it go? Every way is proved by screening it again."""
