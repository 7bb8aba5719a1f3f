ARG BUILD=docker.io/library/node:22-bookworm
ARG NODE=docker.io/library/node:22-bookworm-slim

FROM ${BUILD} AS build
ARG PNPM
WORKDIR /source
COPY . .
RUN npm install --global "${PNPM:-$(node -p "require('./package.json').packageManager")}"
RUN pnpm install --frozen-lockfile
RUN pnpm --filter '@registry/server...' --filter @registry/driver-s3 --filter @registry/index-dynamodb run build
RUN pnpm --filter @registry/server --prod --config.inject-workspace-packages=true deploy /app
RUN pnpm --filter @registry/driver-s3 --prod --config.inject-workspace-packages=true deploy /app/node_modules/@registry/driver-s3
RUN pnpm --filter @registry/index-dynamodb --prod --config.inject-workspace-packages=true deploy /app/node_modules/@registry/index-dynamodb
RUN find /app -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' -o -path '*/better-sqlite3/deps/*' \
      -o -path '*/better-sqlite3/build/*' ! -name better_sqlite3.node \) -delete \
 && rm /app/pnpm-lock.yaml /app/node_modules/@registry/*/pnpm-lock.yaml \
 && cp LICENSE /app \
 && chmod +x /app/dist/cli/main.js \
 && mkdir /app/bin \
 && ln -s ../dist/cli/main.js /app/bin/registry

FROM ${NODE}
LABEL org.opencontainers.image.title="Registry" \
      org.opencontainers.image.description="A container registry: OCI distribution over HTTP, and the registry command" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /app
RUN install -d -o 10001 -g 10001 /var/lib/registry
ENV NODE_ENV=production REGISTRY_HOST=0.0.0.0 PATH=/app/bin:${PATH}
WORKDIR /var/lib/registry
VOLUME /var/lib/registry
USER 10001:10001
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", \
    "http.get(`http://127.0.0.1:${process.env.REGISTRY_PORT || 5000}/livez`, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))"]
ENTRYPOINT ["registry"]
CMD ["serve"]
