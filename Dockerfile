# Builds the wheel with its translations, then a small image that runs as an ordinary user.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/ortsdialog \
    && /opt/ortsdialog/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/run.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY src src
RUN /opt/ortsdialog/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/ortsdialog --create-home ortsdialog
COPY --from=build /opt/ortsdialog /opt/ortsdialog
ENV PATH=/opt/ortsdialog/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ORTSDIALOG_DATA_DIR=/var/lib/ortsdialog \
    ORTSDIALOG_BIND=0.0.0.0 \
    ORTSDIALOG_PORT=8000
USER ortsdialog
WORKDIR /var/lib/ortsdialog
VOLUME /var/lib/ortsdialog
EXPOSE 8000
CMD ["ortsdialog", "serve"]
