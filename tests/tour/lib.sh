# What the tour is told with: a server, calls that show themselves, and what is expected of them.

work=$(mktemp -d)
children=()
server= connected=
replies=0

if [ -t 1 ] || [ -n "${CLICOLOR_FORCE:-}" ]; then
    bold=$'\033[1m' dim=$'\033[2m' red=$'\033[31m' green=$'\033[32m' cyan=$'\033[36m' pink=$'\033[35m'
    plain=$'\033[0m' jq_colour=-C
else
    bold='' dim='' red='' green='' cyan='' pink='' plain='' jq_colour=-M
fi

end() {
    local status=$? pid
    trap - EXIT
    [ -z "$connected" ] || [ -n "$server" ] || connect_agency '' || true
    for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
    if [ -n "$server" ] && ! stop_server && [ "$status" -eq 0 ]; then
        status=1
    fi
    rm -rf "$work"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM

# --- words ------------------------------------------------------------------------------------------

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
tell() { printf '\n%s\n' "$*"; }

# unexpected WORDS: the tour ends here.
unexpected() {
    printf '\n%s✗ %s%s\n' "$red" "$*" "$plain"
    printf '  the last reply: %s\n' "${status:-none}"
    jq . <<<"${reply:-}" 2>/dev/null || printf '%s\n' "${reply:-}"
    exit 1
}

# --- calls ------------------------------------------------------------------------------------------

# speaks WORDS: who $token is.
declare -A names
speaks() { names[$token]=$1; }

# Said where another speaks than before.
say_who() {
    local who='anybody, not signed in'
    [ -z "${token:-}" ] || who=${names[$token]:-somebody}
    [ "$who" = "${spoke:-}" ] || printf '%s[%s]%s\n' "$pink" "$who" "$plain"
    spoke=$who
}

# call METHOD PATH [JSON] [curl's options…]: sets status and reply. The bearer is $token, if any.
call() {
    local method=$1 path=$2 body=${3:-}
    say_who
    shift 2
    [ $# -eq 0 ] || shift
    local options=(--request "$method")
    [ "$method" != HEAD ] || options=(--head)
    [ -z "${token:-}" ] || options+=(--header "authorization: Bearer $token")
    [ -z "$body" ] || options+=(--header 'content-type: application/json' --data-binary "$body")
    printf '%s→ %s %s%s %s\n' "$cyan" "$method" "$path" "$plain" "$dim$(shorten "$body")$plain"
    local said
    said=$(curl -sS --http2 --max-time 60 --cacert "$data/tls/dev-cert.pem" "${options[@]}" "$@" \
        --dump-header "$work/head" --output "$work/body" --write-out '%{http_code} %{http_version}' \
        "$api$path") || unexpected "curl could not call $api$path"
    status=${said% *}
    reply=
    [ "$method" = HEAD ] || is_picture || reply=$(cat "$work/body")
    [ "${said#* }" = 2 ] || unexpected "the reply came by HTTP/${said#* }, not HTTP/2"
    replies=$((replies + 1))
}

is_picture() { grep -qiE '^content-type: (image/|application/pdf)' "$work/head"; }
shorten() { if [ ${#1} -gt 300 ]; then printf '%s…' "${1:0:300}"; else printf '%s' "$1"; fi; }
header() { sed -n "s/^$1: //Ip" "$work/head" | tr -d '\r'; }
value() { jq -r "$1" <<<"$reply"; }
fresh() { cat /proc/sys/kernel/random/uuid; }

# get STATUS [FILTER [WORDS]]: the reply has this status, shows what FILTER makes of it.
get() {
    [ "$status" = "$1" ] || unexpected "expected $1"
    printf '%s← %s%s\n' "$green" "$status" "$plain"
    [ $# -lt 2 ] || jq $jq_colour -c "$2" <<<"$reply" | sed 's/^/    /'
}

# so FILTER WORDS: FILTER is true of the reply.
so() {
    jq -e "$1" <<<"$reply" >/dev/null || unexpected "$2: $1"
    printf '  %s✓%s %s\n' "$green" "$plain" "$2"
}

# sure WORDS COMMAND…: the command succeeds.
sure() {
    local words=$1
    shift
    "$@" || unexpected "$words"
    printf '  %s✓%s %s\n' "$green" "$plain" "$words"
}

# soon WORDS COMMAND…: the command succeeds within a moment.
soon() {
    local words=$1 try
    shift
    for ((try = 0; try < 300; try++)); do
        if "$@"; then
            printf '  %s✓%s %s\n' "$green" "$plain" "$words"
            return
        fi
        sleep 0.1
    done
    unexpected "it did not come: $words"
}

# soon_so FILTER WORDS METHOD PATH: the same call, until FILTER is true of its reply.
soon_so() {
    local filter=$1 words=$2
    shift 2
    again() { call "$@" >/dev/null && jq -e "$filter" <<<"$reply" >/dev/null 2>&1; }
    say_who
    printf '%s→ %s %s%s\n' "$cyan" "$1" "$2" "$plain"
    soon "$words" again "$@"
}

# step VERB [JSON] [curl's options…]: a step of the report, under a fresh key.
step() {
    local verb=$1 body=${2:-'{}'}
    shift
    [ $# -eq 0 ] || shift
    call POST "/v1/reports/$report/steps/$verb" "$body" --header "idempotency-key: $(fresh)" "$@"
}

# dossier_step VERB [JSON] [curl's options…]: a step of the dossier $dossier, under a fresh key.
dossier_step() {
    local verb=$1 body=${2:-'{}'}
    shift
    [ $# -eq 0 ] || shift
    call POST "/v1/dossiers/$dossier/steps/$verb" "$body" --header "idempotency-key: $(fresh)" "$@"
}

# form NUMBER: a printed form of the dossier $dossier, what stands on it; and that it comes as a PDF too.
form() {
    call GET "/v1/dossiers/$dossier/forms/$1"
    get 200 '{title, number} + ([.blocks[] | select(.key == ("applicant", "appointment", "new_appointment", "reason")) | {(.key): .text}] | add)'
    call GET "/v1/dossiers/$dossier/forms/$1" '' --header 'accept: application/pdf'
    get 200
    sure "and as a PDF of $(stat -c %s "$work/body") bytes to be printed" grep -q '^%PDF-' "$work/body"
}

# file_dossier PROCEDURE ANSWERS COMPONENTS [curl's options…]: a draft, saved and filed; dossier and number are its.
file_dossier() {
    local procedure=$1 content
    content=$(jq -nc --argjson form "$2" --argjson components "$3" \
        '{form: $form, components: $components, fetch: "download"}')
    shift 3
    call POST /v1/dossier-drafts "{\"procedure\": \"$procedure\"}" --header "idempotency-key: $(fresh)" "$@"
    get 201 '{procedure, revision}'
    draft=$(value .id)
    call PUT "/v1/dossier-drafts/$draft" "$content" --header 'if-match: "1"' "$@"
    get 200 '{revision}'
    call POST /v1/dossiers "{\"draft\": \"$draft\"}" --header "idempotency-key: $(fresh)" "$@"
    get 201 '{number, state, agency, owed}'
    dossier=$(value .id) number=$(value .number)
}

# --- people -----------------------------------------------------------------------------------------

ctl() { "$programs/tramctl" --data "$data" "$@"; }

# sign_in USER: token is theirs. A code is good once; if it was used, the next one is waited for.
sign_in() {
    local user=$1 account password secret code
    account=$(jq -c --arg user "$user" '.[] | select(.user == $user)' demo/staff.json)
    password=$(jq -r .password <<<"$account") secret=$(jq -r .totp <<<"$account")
    code=$(ctl totp <<<"$secret")
    token=
    call POST /v1/auth/staff "{\"user\": \"$user\", \"password\": \"$password\", \"code\": \"$code\"}"
    if [ "$status" = 401 ]; then
        printf '%s← 401 this code was used before; the next one comes within 30 s …%s\n' "$dim" "$plain"
        while [ "$(ctl totp <<<"$secret")" = "$code" ]; do sleep 0.5; done
        code=$(ctl totp <<<"$secret")
        call POST /v1/auth/staff "{\"user\": \"$user\", \"password\": \"$password\", \"code\": \"$code\"}"
    fi
    get 200 '{token_type, expires_in}'
    token=$(value .access_token)
    speaks "$(jq -r '"\(.name), \(.role)\(if .agency then " of " + .agency else "" end)"' <<<"$account")"
}

# The e-ID provider of the demonstration, unless ./dev eid has it under way already.
start_eid() {
    local try
    answers() { curl -sf "http://127.0.0.1:$eid_port/.well-known/openid-configuration" >/dev/null 2>&1; }
    answers && return
    EID_PORT=$eid_port EID_SECRET_FILE=$data/eid.secret node demo/eid.mjs >"$work/eid.log" 2>&1 &
    children+=($!)
    for ((try = 0; try < 300; try++)); do answers && return || sleep 0.1; done
    unexpected "the e-ID provider did not start: $(cat "$work/eid.log")"
}

# show_eid NAME: token is theirs (demo/eid.json).
show_eid() {
    printf '  $ ./dev eid %s\n' "$1"
    token=$(EID_PORT=$eid_port EID_SECRET_FILE=$data/eid.secret TRAM_API=$plain_api node demo/eid.mjs "$1" \
        2>"$work/eid.log") || unexpected "no sign-in by e-ID: $(cat "$work/eid.log")"
    speaks "$(jq -r --arg who "$1" '.[$who].name' demo/eid.json), citizen"
}

# The code in the newest message to a number, once there is one.
sms_code() {
    code=$(grep -F "\"to\":\"$1\"" "$data/stdout.log" | sed -n 's/.* la \([0-9]\{6\}\),.*/\1/p' | tail -n 1)
    [ -n "$code" ]
}

# upload FILE CHUNK: by tus, in chunks; photo is its id. After the first chunk the line breaks.
upload() {
    local file=$1 chunk=$2 size at tus=(--header 'tus-resumable: 1.0.0')
    size=$(stat -c %s "$file")
    call POST /v1/uploads '' "${tus[@]}" --header "upload-length: $size" \
        --header "upload-metadata: filename $(basename "$file" | tr -d '\n' | base64)"
    get 201
    local where
    where=$(header location)
    for ((at = 0; at < size; at += chunk)); do
        if ((at == chunk)); then
            tell 'The line broke: the phone asks how much has come, and goes on from there.'
            call HEAD "$where" '' "${tus[@]}"
            get 200
            printf '    upload-offset: %s of %s\n' "$(header upload-offset)" "$size"
            [ "$(header upload-offset)" = "$at" ] || unexpected "expected the offset $at"
        fi
        dd if="$file" of="$work/chunk" bs="$chunk" skip=$((at / chunk)) count=1 status=none
        call PATCH "$where" '' "${tus[@]}" --header "upload-offset: $at" \
            --header 'content-type: application/offset+octet-stream' --data-binary "@$work/chunk"
        get 204
    done
    photo=${where##*/}
}

# signed_certificate TITLE NUMBER LINE…: such a paper, signed by the leader, is $work/signed.pdf.
signed_certificate() {
    [ -d "$data/signing/roots" ] || unexpected "$data/signing is not there: start ./dev run anew"
    python3 demo/sign.py certificate "$data/signing" "$@" >"$work/signed.pdf"
}

# connect_agency URL: the agency's own system is called there; empty: nowhere.
connect_agency() {
    jq -c --arg code "$home" --arg url "$1" \
        '[.[] | select(.code == $code) | if $url == "" then . else . + {webhook_url: $url} end]' \
        demo/agencies.json >"$work/agency.json"
    ctl agencies import "$work/agency.json" >/dev/null
    connected=$1
}

# --- a server of its own ----------------------------------------------------------------------------

free_ports() {
    python3 -c '
import socket
s = [socket.socket() for _ in range(5)]
for one in s: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in s))'
}

# start_server: a demonstration in a folder of its own, on free ports of this machine.
start_server() {
    local port plain_port pay_port
    data=$work/data
    read -r port webhook_port plain_port eid_port pay_port < <(free_ports)
    api=https://localhost:$port
    mkdir -m 700 "$data"
    ctl "${store[@]}" seed --demo demo --reports 300 --citizens 50 --days 30 --dossiers 300 >"$work/seed.log" 2>&1 ||
        unexpected "tramctl seed: $(cat "$work/seed.log")"
    (umask 077 && echo 'a demonstration has no secrets' >"$data/eid.secret")
    python3 demo/sign.py root "$data/signing"
    plain_api=http://localhost:$plain_port
    python3 demo/provider.py --port "$pay_port" >"$work/provider.log" 2>&1 &
    children+=($!)
    TRAM_HTTP_PORT=$port TRAM_HTTP_DEMO_PORT=$plain_port TRAM_WEBHOOK_PORTS=$webhook_port \
        TRAM_EID_ISSUER=http://127.0.0.1:$eid_port TRAM_EID_PORTS=$eid_port \
        TRAM_EID_CLIENT_SECRET_FILE=$data/eid.secret TRAM_EID_REDIRECTS="$api/app/eid, $plain_api/app/eid" TRAM_PAY_URL=http://127.0.0.1:$pay_port \
        TRAM_PAY_PORTS=$pay_port TRAM_MEDIA_SIGNATURE_ROOTS=$data/signing/roots \
        TRAM_PAY_NOTIFY_URL=http://127.0.0.1:$plain_port/v1/payments/callback \
        "$programs/tramd" --data "$data" "${store[@]}" --config demo/tram.ini --demo >"$data/stdout.log" 2>"$work/stderr.log" &
    server=$!
    local try
    for ((try = 0; try < 600; try++)); do
        kill -0 "$server" 2>/dev/null || unexpected "tramd ended: $(cat "$work/stderr.log")"
        curl -sf --cacert "$data/tls/dev-cert.pem" "$api/readyz" >/dev/null 2>&1 && return
        sleep 0.1
    done
    unexpected 'tramd did not become ready'
}

# Ends it as an operator would; fails if it did not end well.
stop_server() {
    local status=0
    kill "$server" 2>/dev/null || true
    wait "$server" || status=$?
    [ "$status" -eq 0 ] || printf '%stramd ended with %s%s\n' "$red" "$status" "$plain"
    if [ "$status" -ne 0 ] || grep -q 'Sanitizer\|runtime error' "$work/stderr.log"; then
        tail -n 60 "$work/stderr.log"
        return 1
    fi
}

# find_server DATA: the one that ./dev run started.
find_server() {
    data=$1 webhook_port=8099 eid_port=8089
    ctl status >/dev/null 2>&1 || { echo "no Trạm runs here; start one in another terminal: ./dev run" >&2; exit 1; }
    api=$(sed -n 's/^Trạm serves \(https:[^ ]*\).*/\1/p' "$data/stdout.log" | tail -n 1)
    [ -n "$api" ] || unexpected "$data/stdout.log does not say where it serves"
    plain_api=$(sed -n 's/^  in a browser *\(http:..localhost:[0-9]*\)\/.*/\1/p' "$data/stdout.log" | tail -n 1)
    [ -n "$plain_api" ] || unexpected "$data/stdout.log does not say where a browser finds it"
}
