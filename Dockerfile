# One image for every process; docker-compose.yml says which command each runs.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN for file in locale/*/LC_MESSAGES/django.po; do \
        [ ! -e "$file" ] || /venv/bin/pybabel compile --input-file "$file" --output-file "${file%.po}.mo"; \
    done \
    && /venv/bin/python manage.py collectstatic --no-input

FROM python:3.13-slim
RUN useradd --system --uid 10001 passeplat
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/tmp/passeplat
USER passeplat
EXPOSE 8000
CMD ["python", "-m", "delivery.ground.live.server", "-v", "0", "-b", "0.0.0.0", "-p", "8000", "delivery.asgi:application"]
