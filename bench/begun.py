"""Django, set up for a process of the bench that works inside the product. Import this before any model."""

import django

django.setup()
