# Production image: what requirements/base.txt pins, the code, its translations and static files; nothing else.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/strata
RUN python -m venv /opt/venv
COPY requirements/base.txt requirements/base.txt
RUN /opt/venv/bin/pip install --no-deps --only-binary :all: --require-hashes -r requirements/base.txt
COPY . .
# The settings insist on their environment; these values exist in this stage alone and reach no server.
RUN export DEBUG=0 SECRET_KEY=build-only ALLOWED_HOSTS=build.invalid STRATA_STATIC_ROOT=/srv/static \
        STRATA_SEALING_KEYS=build-only STRATA_FINGERPRINT_KEY=build-only \
        DATABASE_URL=postgres://build.invalid/none REDIS_URL=redis://build.invalid/0 \
    && /opt/venv/bin/python manage.py messages compile \
    && /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM ${PYTHON}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STRATA_STATIC_ROOT=/srv/static
RUN groupadd --system --gid 10001 strata && useradd --system --uid 10001 --gid strata --no-create-home strata
WORKDIR /srv/strata
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/strata /srv/strata
USER strata
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
