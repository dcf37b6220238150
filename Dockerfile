# One image, several commands: see docker-compose.yml.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 CDM_ENV=production \
    CDM_STATIC_ROOT=/srv/static CDM_MEDIA_ROOT=/srv/media

RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin cdm \
    && install -d -o cdm -g cdm /srv/static /srv/media /srv/heads

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

COPY manage.py ./
COPY cdm_portal cdm_portal
COPY registry registry
COPY projects projects
COPY cobenefits cobenefits
COPY offsets offsets
COPY templates templates

USER cdm
# Collecting files reads the settings but reaches no server; these values stay in this line.
RUN SECRET_KEY=only-for-this-build-step-and-never-for-a-running-process-0123456789 \
    DATABASE_URL=postgresql://nobody@/none ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --noinput --verbosity 0

EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--no-ws", "cdm_portal.wsgi:application"]
