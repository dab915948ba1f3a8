# Two images, which `make images` builds: the service (app), and the operator with the backup program (operator). Every
# stage begins with the same base: a Debian with Python 3.11 or newer and its venv; Node comes from a wheel.
ARG BASE=docker.io/library/python:3.13-slim-bookworm
# Where PostgreSQL's programs come from, by major: images of the same Debian as BASE.
ARG POSTGRES_16=docker.io/library/postgres:16-bookworm
ARG POSTGRES_17=docker.io/library/postgres:17-bookworm
ARG POSTGRES_18=docker.io/library/postgres:18-bookworm

FROM ${BASE} AS tools
WORKDIR /build
COPY requirements/uv.txt requirements/
RUN python3 -m venv /tools \
 && /tools/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check \
      --require-hashes --requirement requirements/uv.txt
ENV UV_NO_CACHE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never

FROM tools AS pages
COPY requirements/web.txt requirements/
RUN /tools/bin/uv pip install --quiet --python /tools --require-hashes --requirement requirements/web.txt
ENV PATH=/tools/bin:$PATH
COPY app/web/package.json app/web/package-lock.json app/web/
RUN npm --prefix app/web ci --silent --no-audit --no-fund --cache /tmp/npm && rm -rf /tmp/npm
COPY app/web app/web
RUN npm --prefix app/web run --silent build -- --logLevel warn

FROM tools AS builder
RUN apt-get -qq update && apt-get -qq -y install --no-install-recommends binutils > /dev/null
COPY requirements/build.txt requirements/
RUN /tools/bin/uv pip install --quiet --python /tools --require-hashes --requirement requirements/build.txt

FROM builder AS environment
COPY requirements/service.txt requirements/
RUN /tools/bin/uv venv --quiet --python "$(command -v python3)" /opt/outlay \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps --require-hashes --requirement requirements/service.txt \
 && find /opt/outlay -name '*.so' -exec strip --strip-unneeded {} +
COPY pyproject.toml README.md ./
COPY app/outlay app/outlay
COPY operator/outlay_backup operator/outlay_backup
COPY --from=pages /build/app/outlay/pages/dist app/outlay/pages/dist
# Bytecode that is never compared with its source: nobody changes either any more.
RUN /tools/bin/uv build --quiet --wheel --no-build-isolation --python /tools --out-dir /tmp/wheel . \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps /tmp/wheel/*.whl \
 && rm /opt/outlay/bin/outlay-operator \
 && /opt/outlay/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/outlay/lib

FROM ${BASE} AS app
COPY --from=environment /opt/outlay /opt/outlay
ENV PATH=/opt/outlay/bin:$PATH PYTHONUNBUFFERED=1
# What it uses of Python's own library is compiled once, here, and not at every start.
RUN python -c "import outlay.cli.main, outlay.server.run, outlay.kube.check, outlay.kube.secret"
USER 10001:10001
EXPOSE 8000 9000
ENTRYPOINT ["outlay"]
CMD ["serve"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Outlay" \
      org.opencontainers.image.description="A household's expense tracker that keeps every change and restores what it backs up" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="https://github.com/outlay-app/outlay" \
      org.opencontainers.image.documentation="https://github.com/outlay-app/outlay/tree/main/docs"


FROM builder AS operator-environment
COPY requirements/operator.txt requirements/
RUN /tools/bin/uv venv --quiet --python "$(command -v python3)" /opt/outlay \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps --require-hashes --requirement requirements/operator.txt \
 && find /opt/outlay -name '*.so' -exec strip --strip-unneeded {} +
COPY pyproject.toml README.md ./
COPY operator/outlay_backup operator/outlay_backup
COPY operator/outlay_operator operator/outlay_operator
# The hundreds of classes of the Kubernetes client are loaded when they are asked for, and most never are.
RUN /tools/bin/uv build --quiet --wheel --no-build-isolation --python /tools --out-dir /tmp/wheel . \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps /tmp/wheel/*.whl \
 && rm /opt/outlay/bin/outlay \
 && /opt/outlay/bin/python -m compileall -q -j 0 -x '/kubernetes/(aio/)?client/(models|api)/' \
      --invalidation-mode unchecked-hash /opt/outlay/lib

FROM ${POSTGRES_16} AS postgres-16
COPY operator/image/gather.sh /tmp/
RUN sh /tmp/gather.sh 16

FROM ${POSTGRES_17} AS postgres-17
COPY operator/image/gather.sh /tmp/
RUN sh /tmp/gather.sh 17

FROM ${POSTGRES_18} AS postgres-18
COPY operator/image/gather.sh /tmp/
RUN sh /tmp/gather.sh 18

FROM ${BASE} AS programs
COPY --from=postgres-16 /programs /programs
COPY --from=postgres-17 /programs /programs
COPY --from=postgres-18 /programs /programs
COPY operator/image/fit.sh /tmp/
ARG MAJORS="16 17 18"
RUN sh /tmp/fit.sh "$MAJORS"

FROM ${BASE} AS operator
COPY --from=programs /programs /
COPY --from=operator-environment /opt/outlay /opt/outlay
ENV PATH=/opt/outlay/bin:$PATH PYTHONUNBUFFERED=1
COPY operator/image/import_all.py /tmp/
# Compiles what it uses of Python's own library, and proves that nothing is missing.
RUN python /tmp/import_all.py && rm /tmp/import_all.py
USER 10001:10001
EXPOSE 9000
ENTRYPOINT ["outlay-operator"]
CMD ["run"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Outlay operator" \
      org.opencontainers.image.description="Backups of Outlay that have been restored before they count: the operator, and the program in its Jobs" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="https://github.com/outlay-app/outlay" \
      org.opencontainers.image.documentation="https://github.com/outlay-app/outlay/tree/main/docs"
