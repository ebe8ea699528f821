# The image of web, worker, beat, relay and migrate: docker build --pull -t community-solutions:0.1.0 .
# No container engine runs where this is developed: a test runs each service's command natively instead (docs/install.md).
FROM node:24-bookworm-slim AS assets
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY frontend frontend
RUN python3 frontend/build.py /build/vendor

FROM python:3.13-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=community_solutions.settings \
    STATIC_ROOT=/app/staticfiles CS_HOME=/tmp/community-solutions
WORKDIR /app
# This lock has no bundled servers, no tests and no tools.
COPY requirements-production.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements-production.lock \
    && groupadd --gid 10001 app && useradd --uid 10001 --gid 10001 --home-dir /app --shell /usr/sbin/nologin app \
    && install -d -o 10001 -g 10001 /seals
COPY . .
COPY --from=assets /build/vendor static/vendor
RUN python manage.py collectstatic --no-input && python -m compileall -q /app && rm -rf /tmp/community-solutions
USER app
