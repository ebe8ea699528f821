"""The product's addresses and the floor's."""

from django.urls import path

from bench.floor import floor
from community_solutions import urls as product

urlpatterns = [path("bench/floor", floor), *product.urlpatterns]
handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500
