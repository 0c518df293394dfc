"""django-q2 and its processes: putting tasks in, keeping clusters alive."""
