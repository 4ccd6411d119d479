#!/usr/bin/env bash
# zk.sh - throw-away ZooKeeper servers on loopback, for the tests of Grid.
#
# Runs one standalone server or an ensemble as plain processes of the calling
# user, in one directory, without systemd and without reading the system's
# configuration. Only for tests: data may be lost at a power failure (not at a
# SIGKILL) unless --fsync is given.
#
#   zk.sh start   [--servers N] [--dir D] [--base-port P|auto] [options]
#   zk.sh stop    [--dir D] [--clean]     stop all servers (--clean: delete D too)
#   zk.sh kill    ID... [--dir D]         SIGKILL servers (data stays)
#   zk.sh term    ID... [--dir D]         SIGTERM servers (data stays)
#   zk.sh revive  ID... [--dir D]         start killed servers again, same data
#   zk.sh pause   ID... [--dir D]         SIGSTOP (sockets stay open, nobody answers)
#   zk.sh resume  ID... [--dir D]         SIGCONT
#   zk.sh status  [--dir D]               one line per server; exit 1 unless all serve
#   zk.sh leader  [--dir D]               ID of the leader (or of the standalone server)
#   zk.sh connect [--dir D]               the connect string again
#   zk.sh wait    [--dir D] [--timeout S] wait until every living server serves
#
# `start` prints the connect string ("127.0.0.1:P1,127.0.0.1:P2") as its only
# line on stdout, everything else goes to stderr. Options of `start`:
#
#   --servers N          1 (standalone, the default) to 9
#   --dir D              state, logs and data; default ${TMPDIR:-/tmp}/grid-zk-$UID
#   --base-port P|auto   server i listens for clients on P+i-1 (quorum P+20+i,
#                        election P+40+i, TLS P+60+i); default auto: a free block
#   --tick MS            tickTime, default 200
#   --min-session MS     default 2 ticks
#   --max-session MS     default 60000
#   --netns N1,N2,...    server i runs in the network namespace Ni (root, iproute2)...
#   --hosts A1,A2,...    ... at the address Ai, instead of on loopback
#   --fsync              fsync each transaction (default: off, 2-20 times faster)
#   --config KEY=VALUE   any further zoo.cfg line (repeatable)
#   --tls                also a TLS client port; keys are made under D/tls
#   --sasl USER:PASS     SASL DIGEST-MD5 for clients (repeatable)
#   --super PASS         let `addauth digest super:PASS` do everything
#   --jvm FLAGS          replaces the default JVM flags
#   --keep-data          keep the data of an earlier, stopped run in D
#   --owner PID          stop the servers when process PID is gone
#   --timeout S          how long to wait until all serve, default 30
#
# Environment: ZOOKEEPER_HOME (an unpacked Apache release; preferred when set),
# JAVA_HOME, GRID_ZK_DIR (default of --dir).

set -euo pipefail

readonly PROG=${0##*/}
readonly DEBIAN_JARS=/usr/share/java

say()  { printf '%s: %s\n' "$PROG" "$*" >&2; }
die()  { say "$*"; exit 2; }
usage() { sed -n '2,/^$/{s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

# ---- where java and the jars are -------------------------------------------

find_java() {
    if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]]; then echo "$JAVA_HOME/bin/java"
    elif command -v java >/dev/null 2>&1; then command -v java
    else die "no java found: install a JRE of version 8 or newer (Debian: apt-get install default-jre-headless) or set JAVA_HOME"
    fi
}

find_classpath() {
    local h=${ZOOKEEPER_HOME:-} j out
    if [[ -n $h ]]; then
        if compgen -G "$h/lib/zookeeper-[0-9]*.jar" >/dev/null; then echo "$h/lib/*"
        elif compgen -G "$h/zookeeper-[0-9]*.jar" >/dev/null; then echo "$h/*:$h/lib/*"
        else die "ZOOKEEPER_HOME is set, but holds neither lib/zookeeper-*.jar nor zookeeper-*.jar (take the -bin release of Apache ZooKeeper)"
        fi
        return
    fi
    if [[ -f $DEBIAN_JARS/zookeeper.jar ]]; then
        # zookeeper.jar names most of what it needs in its manifest; missing there
        # are the two Netty jars that TLS needs and a logging binding.
        out=$DEBIAN_JARS/zookeeper.jar
        for j in netty-codec netty-resolver netty-transport-native-unix-common slf4j-log4j12 log4j-1.2; do
            if [[ -f $DEBIAN_JARS/$j.jar ]]; then out+=:$DEBIAN_JARS/$j.jar; fi
        done
        echo "$out"
        return
    fi
    die "no ZooKeeper found. Debian/Ubuntu: apt-get install --no-install-recommends libzookeeper-java
       (or the package zookeeper); elsewhere: unpack an Apache ZooKeeper -bin release and set ZOOKEEPER_HOME"
}

# ---- processes --------------------------------------------------------------

pid_of() {          # ID -> pid on stdout, or fails when that server is not running
    local f=$DIR/$1/pid pid
    [[ -f $f ]] || return 1
    pid=$(<"$f")
    # A recycled pid is someone else's process: ours carries its mark.
    [[ -n $pid && -r /proc/$pid/cmdline ]] || return 1
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -Fxq -- "-Dgrid.zk=$DIR/$1" || return 1
    [[ $(proc_state "$pid") != Z ]] || return 1
    echo "$pid"
}

proc_state() {      # pid -> R, S, T, Z ... or nothing
    sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true
}

await_gone() {      # pid, seconds
    local n=$(( $2 * 50 ))
    while [[ -e /proc/$1 && $(proc_state "$1") != Z ]]; do
        (( n-- > 0 )) || return 1
        sleep 0.02
    done
}

ids() { local n; n=$(<"$DIR/servers"); seq 1 "$n"; }

need_ensemble() { [[ -f $DIR/servers ]] || die "no ensemble in $DIR (see: $PROG start --dir ...)"; }

host_of() { sed -n 's/^clientPortAddress=//p' "$DIR/$1/zoo.cfg"; }

netns_of() { cat "$DIR/$1/netns" 2>/dev/null || true; }

client_port() { sed -n 's/^clientPort=//p' "$DIR/$1/zoo.cfg"; }

four() {            # ID, word -> answer of the four-letter word, at most 1 s
    local ns
    local -a in=()
    ns=$(netns_of "$1")
    if [[ -n $ns ]]; then in=(ip netns exec "$ns"); fi
    # shellcheck disable=SC2016
    ${in[@]+"${in[@]}"} bash -c '
        { exec {sock}<>"/dev/tcp/$0/$1"; } 2>/dev/null || exit 1
        printf %s "$2" >&"$sock" 2>/dev/null || exit 1
        out=$(timeout 1 cat <&"$sock" 2>/dev/null) || true
        printf "%s\n" "$out"' "$(host_of "$1")" "$(client_port "$1")" "$2"
}

mode_of() {         # ID -> standalone, leader, follower, observer; fails when it does not serve
    local m
    m=$(four "$1" srvr | sed -n 's/^Mode: //p') || return 1
    [[ -n $m ]] && echo "$m"
}

is_ours() {         # ID: the server that answers on this port is the one in our directory
    # (another `start` may have won a race for the port)
    four "$1" conf | grep -Fxq "dataDir=$DIR/$1/data/version-2"
}

launch() {          # ID: start its process, do not wait
    local d=$DIR/$1
    # setsid: a ^C at the caller's terminal is not meant for the servers. All
    # inherited descriptors are closed, or $(zk.sh start) and `flock` would hang.
    (
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            if (( fd > 2 )); then { exec {fd}>&-; } 2>/dev/null || true; fi
        done
        cd "$d"
        mapfile -t args <"$d/args"
        ns=$(netns_of "$1")
        if [[ -n $ns ]]; then args=(ip netns exec "$ns" "${args[@]}"); fi
        exec setsid "${args[@]}" </dev/null >>"$d/out.log" 2>&1
    ) &
    echo $! >"$d/pid"
    disown
}

await_serving() {   # seconds, ID...: every one of these servers serves, or say why not
    local deadline=$(( $(date +%s%N) / 1000000 + $1 * 1000 )) id all
    shift
    while :; do
        all=1
        for id in "$@"; do
            if mode_of "$id" >/dev/null && is_ours "$id"; then continue; fi
            all=0
            if ! pid_of "$id" >/dev/null; then
                # The pid file is written before exec: give a young process a moment.
                sleep 0.1
                if ! pid_of "$id" >/dev/null; then
                    say "server $id ended; the last lines of $DIR/$id/out.log:"
                    tail -n 15 "$DIR/$id/out.log" >&2 || true
                    return 1
                fi
            fi
            break
        done
        (( all )) && return 0
        if (( $(date +%s%N) / 1000000 > deadline )); then
            say "server $id does not serve yet; the last lines of $DIR/$id/out.log:"
            tail -n 15 "$DIR/$id/out.log" >&2 || true
            return 1
        fi
        sleep 0.03
    done
}

# ---- ports -------------------------------------------------------------------

busy_ports() {      # listening TCP ports, decimal, one per line
    local hex
    { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } |
        awk '$4 == "0A" { n = split($2, a, ":"); print a[n] }' | sort -u |
        while read -r hex; do echo $(( 16#$hex )); done
}

block_free() {      # base port, servers, busy ports (text)
    local i p o
    for (( i = 1; i <= $2; i++ )); do
        for o in $(( i - 1 )) $(( 20 + i )) $(( 40 + i )) $(( 60 + i )); do
            p=$(( $1 + o ))
            if grep -qx "$p" <<<"$3"; then return 1; fi
        done
    done
}

pick_base() {       # servers -> a free block below the usual range of client ports
    local busy try p
    busy=$(busy_ports)
    for (( try = 0; try < 200; try++ )); do
        p=$(( 20000 + (RANDOM % 120) * 100 ))
        if block_free "$p" "$1" "$busy"; then echo "$p"; return; fi
    done
    die "no free block of ports found; give one with --base-port"
}

# ---- TLS keys (openssl, PEM, which ZooKeeper 3.5 and newer reads directly) -----

make_tls() {
    local t=$DIR/tls who
    command -v openssl >/dev/null || die "--tls needs openssl"
    if [[ -f $t/client.pem && -f $t/server.pem ]]; then return; fi
    mkdir -p "$t"
    (
        umask 077
        cd "$t"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
            -keyout ca.key -out ca.crt -subj "/CN=Grid test CA" \
            -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
        for who in server client; do
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                -keyout $who.key -out $who.csr -subj "/CN=grid-test-$who"
            printf '%s\n' "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1" \
                "keyUsage=digitalSignature,keyAgreement" "extendedKeyUsage=serverAuth,clientAuth" >$who.ext
            openssl x509 -req -in $who.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
                -extfile $who.ext -out $who.crt
            cat $who.key $who.crt >$who.pem
            rm -f $who.csr $who.ext
        done
    ) >"$DIR/tls.log" 2>&1 || { cat "$DIR/tls.log" >&2; die "making the TLS keys failed"; }
}

# ---- start -----------------------------------------------------------------------

cmd_start() {
    local servers=1 base=auto tick=200 min= max=60000 fsync=0 tls=0 keep=0 owner= timeout=30 super= given_dir=
    local jvm="-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
    local -a extra=() sasl=() hosts=() netns=()
    while (( $# )); do
        case $1 in
            --servers)     servers=${2:?}; shift 2;;
            --dir)         DIR=${2:?}; given_dir=1; shift 2;;
            --base-port)   base=${2:?}; shift 2;;
            --tick)        tick=${2:?}; shift 2;;
            --min-session) min=${2:?}; shift 2;;
            --max-session) max=${2:?}; shift 2;;
            --hosts)       IFS=, read -ra hosts <<<"${2:?}"; shift 2;;
            --netns)       IFS=, read -ra netns <<<"${2:?}"; shift 2;;
            --fsync)       fsync=1; shift;;
            --config)      [[ ${2:?} == *=* ]] || die "--config wants KEY=VALUE"; extra+=("$2"); shift 2;;
            --tls)         tls=1; shift;;
            --sasl)        [[ ${2:?} == *:* ]] || die "--sasl wants USER:PASS"; sasl+=("$2"); shift 2;;
            --super)       super=${2:?}; shift 2;;
            --jvm)         jvm=${2?}; shift 2;;
            --keep-data)   keep=1; shift;;
            --owner)       owner=${2:?}; shift 2;;
            --timeout)     timeout=${2:?}; shift 2;;
            *)             die "start: unknown argument '$1' ($PROG without arguments explains)";;
        esac
    done
    local v
    for v in servers tick max timeout; do [[ ${!v} =~ ^[0-9]+$ ]] || die "--$v wants a number"; done
    (( servers >= 1 && servers <= 9 )) || die "--servers must be 1 to 9"
    [[ $base == auto || ( $base =~ ^[0-9]+$ && $base -gt 0 && $base -le 65000 ) ]] || die "--base-port wants a port or 'auto'"
    [[ -z $min || $min =~ ^[0-9]+$ ]] || die "--min-session wants a number"
    (( ${#hosts[@]} == 0 || ${#hosts[@]} == servers )) || die "--hosts wants an address for each server"
    (( ${#netns[@]} == ${#hosts[@]} )) || die "--hosts and --netns go together"
    (( ! tls || ${#hosts[@]} == 0 )) || die "--tls is for loopback"
    [[ -z $owner ]] || kill -0 "$owner" 2>/dev/null || die "--owner: no process $owner"
    min=${min:-$(( 2 * tick ))}

    local java cp
    java=$(find_java)
    cp=$(find_classpath)

    if [[ -e $DIR && ! -f $DIR/.grid-zk ]] && [[ -n $(ls -A "$DIR" 2>/dev/null) ]]; then
        die "$DIR is not empty and was not made by $PROG: give another --dir"
    fi
    mkdir -p "$DIR"
    DIR=$(cd "$DIR" && pwd -P)
    : >>"$DIR/.grid-zk"
    # One `start` at a time per directory (two test runs, one default directory).
    exec {lock}>"$DIR/.lock"
    if command -v flock >/dev/null; then flock -w 60 "$lock" || die "another $PROG start is at work in $DIR"; fi
    if [[ -f $DIR/servers ]]; then
        local id
        for id in $(ids); do
            if pid_of "$id" >/dev/null; then die "servers are running in $DIR: stop them first, or give another --dir"; fi
        done
    fi
    if (( ! keep )); then rm -rf "${DIR:?}"/[1-9]; fi

    local chosen=$base attempt i id
    for (( attempt = 1; ; attempt++ )); do
        if [[ $chosen == auto ]]; then
            base=$(pick_base "$servers")
        else
            block_free "$base" "$servers" "$(busy_ports)" || die "a port of the block at $base is taken"
        fi
        echo "$servers" >"$DIR/servers"
        (( tls )) && make_tls

        # One JAAS file for all.
        if (( ${#sasl[@]} )); then
            {
                echo 'Server {'
                echo '    org.apache.zookeeper.server.auth.DigestLoginModule required'
                for (( i = 0; i < ${#sasl[@]}; i++ )); do
                    printf '    user_%s="%s"' "${sasl[i]%%:*}" "${sasl[i]#*:}"
                    if (( i == ${#sasl[@]} - 1 )); then echo ';'; else echo; fi
                done
                echo '};'
            } >"$DIR/jaas.conf"
            chmod 600 "$DIR/jaas.conf"
        fi

        for (( id = 1; id <= servers; id++ )); do
            local d=$DIR/$id
            mkdir -p "$d/data"
            echo "$id" >"$d/data/myid"
            if (( ${#netns[@]} )); then echo "${netns[id - 1]}" >"$d/netns"; fi
            {
                echo "tickTime=$tick"
                echo "minSessionTimeout=$min"
                echo "maxSessionTimeout=$max"
                echo "dataDir=$d/data"
                echo "clientPort=$(( base + id - 1 ))"
                echo "clientPortAddress=${hosts[id - 1]:-127.0.0.1}"
                echo "maxClientCnxns=0"
                echo "admin.enableServer=false"
                echo "4lw.commands.whitelist=*"
                echo "reconfigEnabled=true"
                echo "extendedTypesEnabled=true"
                echo "preAllocSize=4096"
                if (( ! fsync )); then echo "forceSync=no"; fi
                if (( servers > 1 )); then
                    # Times in ticks: at least 10 s to join and 2 s of silence between servers.
                    echo "initLimit=$(( 10000 / tick + 1 ))"
                    echo "syncLimit=$(( 2000 / tick + 1 ))"
                    for (( i = 1; i <= servers; i++ )); do
                        echo "server.$i=${hosts[i - 1]:-127.0.0.1}:$(( base + 20 + i )):$(( base + 40 + i ))"
                    done
                fi
                if (( tls )); then
                    echo "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory"
                    echo "secureClientPort=$(( base + 60 + id ))"
                    echo "secureClientPortAddress=127.0.0.1"
                    echo "ssl.keyStore.location=$DIR/tls/server.pem"
                    echo "ssl.keyStore.type=PEM"
                    echo "ssl.trustStore.location=$DIR/tls/ca.crt"
                    echo "ssl.trustStore.type=PEM"
                    echo "ssl.clientAuth=want"
                    echo "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider"
                fi
                if (( ${#sasl[@]} )); then
                    echo "authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider"
                fi
                if (( ${#extra[@]} )); then printf '%s\n' "${extra[@]}"; fi
            } >"$d/zoo.cfg"
            cat >"$d/log4j.properties" <<'LOG'
log4j.rootLogger=INFO, OUT
log4j.appender.OUT=org.apache.log4j.ConsoleAppender
log4j.appender.OUT.layout=org.apache.log4j.PatternLayout
log4j.appender.OUT.layout.ConversionPattern=%d{ISO8601} %-5p [%t:%c{1}] %m%n
log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=WARN
log4j.logger.org.apache.zookeeper.server.command.FourLetterCommands=WARN
LOG
            cat >"$d/logback.xml" <<'LOG'
<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{ISO8601} %-5p [%t:%logger{0}] %m%n</pattern></encoder>
  </appender>
  <logger name="org.apache.zookeeper.server.NIOServerCnxn" level="WARN"/>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
LOG
            # The command line, one argument per line, so that `revive` repeats it exactly.
            {
                echo "$java"
                local -a flags
                read -ra flags <<<"$jvm"
                if (( ${#flags[@]} )); then printf '%s\n' "${flags[@]}"; fi
                echo "-Dgrid.zk=$d"
                echo "-Dlog4j.configuration=file:$d/log4j.properties"
                echo "-Dlogback.configurationFile=$d/logback.xml"
                echo "-Dzookeeper.jmx.log4j.disable=true"
                echo "-Djava.net.preferIPv4Stack=true"
                if (( ${#sasl[@]} )); then echo "-Djava.security.auth.login.config=$DIR/jaas.conf"; fi
                if [[ -n $super ]]; then echo "-Dzookeeper.DigestAuthenticationProvider.superDigest=super:$(printf 'super:%s' "$super" | openssl dgst -sha1 -binary | openssl base64)"; fi
                echo "-cp"
                echo "$cp"
                echo "org.apache.zookeeper.server.quorum.QuorumPeerMain"
                echo "$d/zoo.cfg"
            } >"$d/args"
            : >"$d/out.log"
        done
        for (( id = 1; id <= servers; id++ )); do launch "$id"; done

        # shellcheck disable=SC2046
        if await_serving "$timeout" $(ids); then break; fi
        stop_all
        if [[ $chosen == auto && $attempt -lt 5 ]] && grep -qs "BindException" "$DIR"/[1-9]/out.log; then
            say "a port was taken meanwhile, trying another block"
            continue
        fi
        die "start failed"
    done

    connect_string >"$DIR/connect"
    if [[ -n $owner ]]; then watch_owner "$owner"; fi
    exec {lock}>&-
    if (( tls )); then say "TLS: $(secure_string), CA $DIR/tls/ca.crt, client key and certificate $DIR/tls/client.pem"; fi
    cat "$DIR/connect"
}

connect_string() {
    local id out=
    for id in $(ids); do out+=${out:+,}$(host_of "$id"):$(client_port "$id"); done
    echo "$out"
}

secure_string() {
    local id out= p
    for id in $(ids); do
        p=$(sed -n 's/^secureClientPort=//p' "$DIR/$id/zoo.cfg")
        out+=${out:+,}127.0.0.1:$p
    done
    echo "$out"
}

# A process's start time in REPLY, or "gone". Without a process of its own: the watch asks every second, beside measurements.
start_time() {      # pid
    local line
    local -a fields
    REPLY=gone
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    # After the name, which may have spaces, come the 3rd field and those after it; the 22nd is wanted.
    read -r -a fields <<<"${line##*) }"
    REPLY=${fields[19]}
}

any_alive() {
    local id
    for id in $(ids 2>/dev/null || true); do
        if pid_of "$id" >/dev/null; then return 0; fi
    done
    return 1
}

watch_owner() {     # pid: in the background, stop everything once it is gone
    local born round
    start_time "$1"
    born=$REPLY
    (
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            if (( fd > 2 )); then { exec {fd}>&-; } 2>/dev/null || true; fi
        done
        trap '' INT HUP
        for (( round = 0; ; round++ )); do
            start_time "$1"
            [[ $REPLY != gone && $REPLY == "$born" ]] || break
            if (( round % 10 == 0 )) && ! any_alive; then exit 0; fi
            sleep 1
        done
        stop_all
    ) </dev/null >/dev/null 2>&1 &
    disown
}

# ---- the other commands -----------------------------------------------------------

stop_all() {
    local id pid
    local -a pids=()
    [[ -f $DIR/servers ]] || return 0
    for id in $(ids); do
        if pid=$(pid_of "$id"); then
            pids+=("$pid")
            kill -TERM "$pid" 2>/dev/null || true
            kill -CONT "$pid" 2>/dev/null || true       # a paused one cannot see its TERM
        fi
    done
    for pid in ${pids[@]+"${pids[@]}"}; do
        if ! await_gone "$pid" 5; then
            kill -KILL "$pid" 2>/dev/null || true
            await_gone "$pid" 5 || say "process $pid does not end"
        fi
    done
}

# Splits "ID... [--dir D] [--timeout S] [--clean]" into IDS, TIMEOUT and CLEAN.
parse_rest() {
    IDS=(); TIMEOUT=30; CLEAN=0
    while (( $# )); do
        case $1 in
            --dir)     DIR=${2:?}; shift 2;;
            --timeout) TIMEOUT=${2:?}; shift 2;;
            --clean)   CLEAN=1; shift;;
            [1-9])     IDS+=("$1"); shift;;
            *)         die "unknown argument '$1'";;
        esac
    done
    if [[ -d $DIR ]]; then DIR=$(cd "$DIR" && pwd -P); fi
}

signal_ids() {      # signal, ID...
    local sig=$1 id pid
    shift
    (( $# )) || die "which server? give its ID (1, 2, ...)"
    for id in "$@"; do
        pid=$(pid_of "$id") || die "server $id is not running"
        kill -"$sig" "$pid"
        case $sig in
            KILL|TERM) kill -CONT "$pid" 2>/dev/null || true
                       await_gone "$pid" 10 || die "server $id does not end";;
            STOP)      until [[ $(proc_state "$pid") == T ]]; do sleep 0.01; done;;
        esac
    done
}

cmd_status() {
    local id pid state mode zxid ok=0 answer
    for id in $(ids); do
        mode=- zxid=- state=dead pid=-
        if pid=$(pid_of "$id"); then
            state=running
            if [[ $(proc_state "$pid") == T ]]; then state=paused
            else
                answer=$(four "$id" srvr || true)
                mode=$(sed -n 's/^Mode: //p' <<<"$answer")
                zxid=$(sed -n 's/^Zxid: //p' <<<"$answer")
                if [[ -z $mode ]]; then mode=not-serving; fi
            fi
        else
            pid=-
        fi
        case $mode in leader|follower|observer|standalone) ;; *) ok=1;; esac
        printf '%s %s mode=%s zxid=%s client=%s:%s pid=%s log=%s\n' \
            "$id" "$state" "$mode" "${zxid:--}" "$(host_of "$id")" "$(client_port "$id")" "$pid" "$DIR/$id/out.log"
    done
    return "$ok"
}

cmd_leader() {
    local id m
    for id in $(ids); do
        if pid_of "$id" >/dev/null && m=$(mode_of "$id"); then
            case $m in leader|standalone) echo "$id"; return 0;; esac
        fi
    done
    say "no leader at the moment"
    return 1
}

DIR=${GRID_ZK_DIR:-${TMPDIR:-/tmp}/grid-zk-$UID}
(( $# )) || usage
cmd=$1
shift
case $cmd in
    start) cmd_start "$@";;
    stop)
        parse_rest "$@"
        stop_all
        if (( CLEAN )) && [[ -f $DIR/.grid-zk ]]; then rm -rf "${DIR:?}"; fi
        ;;
    kill)   parse_rest "$@"; need_ensemble; signal_ids KILL ${IDS[@]+"${IDS[@]}"};;
    term)   parse_rest "$@"; need_ensemble; signal_ids TERM ${IDS[@]+"${IDS[@]}"};;
    pause)  parse_rest "$@"; need_ensemble; signal_ids STOP ${IDS[@]+"${IDS[@]}"};;
    resume) parse_rest "$@"; need_ensemble; signal_ids CONT ${IDS[@]+"${IDS[@]}"};;
    revive)
        parse_rest "$@"; need_ensemble
        (( ${#IDS[@]} )) || die "which server? give its ID (1, 2, ...)"
        for id in "${IDS[@]}"; do
            [[ -f $DIR/$id/args ]] || die "no server $id in $DIR"
            if pid_of "$id" >/dev/null; then die "server $id is running"; fi
            launch "$id"
        done
        await_serving "$TIMEOUT" "${IDS[@]}"
        ;;
    wait)
        parse_rest "$@"; need_ensemble
        living=()
        for id in $(ids); do if pid_of "$id" >/dev/null; then living+=("$id"); fi; done
        (( ${#living[@]} )) || die "no server is running in $DIR"
        await_serving "$TIMEOUT" "${living[@]}"
        ;;
    status)  parse_rest "$@"; need_ensemble; cmd_status;;
    leader)  parse_rest "$@"; need_ensemble; cmd_leader;;
    connect) parse_rest "$@"; need_ensemble; connect_string;;
    -h|--help|help) usage;;
    *) die "unknown command '$cmd' ($PROG without arguments explains)";;
esac
