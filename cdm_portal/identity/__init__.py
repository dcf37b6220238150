"""Who people are, for whom they act and in which role; sign-in and the guards of the pages."""
