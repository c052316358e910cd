# Builds the one static binary and nothing else around it: no shell, no libc, no root.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY third_party third_party
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /policybot . && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /policybot /policybot
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV XDG_DATA_HOME=/data HOME=/data TMPDIR=/data
VOLUME /data
HEALTHCHECK --interval=1m --timeout=20s --start-period=15s CMD ["/policybot", "doctor", "-serving"]
ENTRYPOINT ["/policybot"]
CMD ["serve"]
