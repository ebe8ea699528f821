# Not yet proven: no image has been built from this file. See docker-compose.yml.
FROM node:24-bookworm AS assets
WORKDIR /build
COPY frontend frontend
RUN python3 frontend/build.py /build/vendor

FROM python:3.13-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=community_solutions.settings STATIC_ROOT=/app/staticfiles
WORKDIR /app
# The lock names the bundled servers too; they stay unused here, and a lock without them comes with the production shape.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock && useradd --system --home /app --shell /usr/sbin/nologin app
COPY . .
COPY --from=assets /build/vendor static/vendor
RUN python manage.py collectstatic --no-input && rm -rf .local && mkdir .local && chown app .local
USER app
