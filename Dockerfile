# The image of the service. Every stage begins with the same base: a Debian with Python 3.11 or newer and its venv;
# Node comes from a wheel. `make image` builds it.
ARG BASE=docker.io/library/python:3.13-slim-bookworm

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

FROM tools AS environment
RUN apt-get -qq update && apt-get -qq -y install --no-install-recommends binutils > /dev/null
COPY requirements/build.txt requirements/service.txt requirements/
RUN /tools/bin/uv pip install --quiet --python /tools --require-hashes --requirement requirements/build.txt \
 && /tools/bin/uv venv --quiet --python "$(command -v python3)" /opt/outlay \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps --require-hashes --requirement requirements/service.txt \
 && find /opt/outlay -name '*.so' -exec strip --strip-unneeded {} +
COPY pyproject.toml README.md ./
COPY app/outlay app/outlay
COPY operator/outlay_backup operator/outlay_backup
COPY --from=pages /build/app/outlay/pages/dist app/outlay/pages/dist
# Bytecode that is never compared with its source: nobody changes either any more.
RUN /tools/bin/uv build --quiet --wheel --no-build-isolation --python /tools --out-dir /tmp/wheel . \
 && /tools/bin/uv pip install --quiet --python /opt/outlay --no-deps /tmp/wheel/*.whl \
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
