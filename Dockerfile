FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
COPY scenarios scenarios
COPY requirements requirements
RUN python -m venv /opt/lke-emulator \
    && PIP_CONSTRAINT=requirements/test.txt /opt/lke-emulator/bin/pip install --no-cache-dir --quiet '.[documents]'

FROM python:3.13-slim
COPY --from=build /opt/lke-emulator /opt/lke-emulator
RUN useradd --system --uid 10001 --no-create-home emulator
USER 10001
ENV PATH=/opt/lke-emulator/bin:$PATH LKE_EMULATOR_HOST=0.0.0.0
EXPOSE 5530
HEALTHCHECK --interval=2s --timeout=3s --start-period=5s CMD ["lke-emulator", "health"]
ENTRYPOINT ["lke-emulator"]
CMD ["serve"]
