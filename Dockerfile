# Slim, without root, without secrets: keys come from the environment at start.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY strategy_dsl strategy_dsl
COPY runtime runtime
COPY migrations migrations
COPY bot bot
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .
# machine code is kept beside the files; numba reads it only from a folder that it may write to
RUN cd / && /venv/bin/python -m runtime.warm

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 sayso && mkdir /data && chown sayso /data
COPY --from=build --chown=sayso /venv /venv
USER sayso
WORKDIR /data
ENV SAYSO_DATA_DIR=/data PATH=/venv/bin:$PATH
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s CMD ["sayso", "doctor", "--json"]
ENTRYPOINT ["sayso"]
CMD ["bot"]
