# syntax=docker/dockerfile:1
# A worker: docker build -t grid . && see docker-compose.yml. The same image runs every verb of the command `grid`: docker run --entrypoint ./grid grid nodes

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Grid.Cli -c Release --os linux --no-self-contained -p:PublishReadyToRun=true -o /app

# Without a shell or a package manager, with time zones and cultures, which jobs may need.
FROM mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .

# In a container every interface is the container's own. Nothing listens there without Grid__Security__ClusterSecret or certificates: the start is refused.
ENV Grid__Communication__Tcp__Listen=0.0.0.0:47100
EXPOSE 47100
USER $APP_UID
STOPSIGNAL SIGTERM
ENTRYPOINT ["./grid", "node"]
