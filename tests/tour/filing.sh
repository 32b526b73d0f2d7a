# The citizen: a one-time code, a photo, a report. The agency: its inbox and its own system.

# --- the agency's own system, before anything happens -----------------------------------------------

chapter "The agency $home connects its own system, by tramctl"
printf '  $ tramctl agencies import … (webhook_url http://127.0.0.1:%s/tram)\n' "$webhook_port"
connect_agency "http://127.0.0.1:$webhook_port/tram"
printf '  $ tramctl agencies webhook-key %s\n' "$home"
ctl --json agencies webhook-key "$home" | jq -r .secret >"$work/secret"
tests/tour/webhook.py "$webhook_port" "$work/secret" "$work/calls" 2>"$work/webhook.log" &
children+=($!)
listens() {
    kill -0 "${children[-1]}" 2>/dev/null || unexpected "port $webhook_port is taken; the tour needs it"
    [ -e "$work/calls" ]
}
soon "it listens on port $webhook_port; its secret was printed once" listens
# called TYPE: the agency's system was called so about our report, rightly signed.
called() {
    jq -es --arg type "$1" --arg id "$report" \
        'any(.[]; .signed and .body.type == $type and .body.data.id == $id)' "$work/calls" >/dev/null
}

# --- 1 ----------------------------------------------------------------------------------------------

chapter '1. A citizen signs in with a one-time code'
phone=$(printf '+8497%07d' $((RANDOM * 305 + RANDOM % 305)))
call POST /v1/auth/otp "{\"phone\": \"$phone\", \"device\": \"Điện thoại của Hoa\"}"
get 201 .
challenge=$(value .challenge)
tell 'A demonstration prints its text messages instead of sending them:'
soon "the code came to $phone" sms_code "$phone"
call POST "/v1/auth/otp/$challenge/check" "{\"code\": \"$code\", \"device\": \"Điện thoại của Hoa\"}"
get 200 '{token_type, expires_in, refresh_expires_in}'
citizen=$(value .access_token)
tell 'A code is good once:'
call POST "/v1/auth/otp/$challenge/check" "{\"code\": \"$code\"}"
get 401 '{type, title}'
token=$citizen
speaks 'Nguyễn Thị Hoa, citizen'
call PATCH /v1/me '{"name": "Nguyễn Thị Hoa"}'
get 200 .
so '.phone == "'"$phone"'" and .level == 0' 'whoever has only a phone is of level 0'

# --- 2 ----------------------------------------------------------------------------------------------

chapter '2. The citizen sends a photo and files a report'
tests/tour/photo.py "$work/lamp.jpg" 9.1769 105.15
printf '  a photo as a phone takes it: %s\n' "$(tests/tour/photo.py --describe "$work/lamp.jpg")"
upload "$work/lamp.jpg" 131072
lamp=$photo
call GET "/v1/media/$lamp"
get 200 '{id, type, width, height}'
so '.width == 3000 and .height == 4000' 'it was turned upright'
large=$(value .large)
token=
call GET "$large"
get 200
tests/tour/photo.py --describe "$work/body" >"$work/seen"
printf '    %s\n' "$(cat "$work/seen")"
stripped() { jq -e '.exif == false and .height == 1280' "$work/seen" >/dev/null; }
sure 'what others get is smaller, and tells no camera, no time and no place' stripped
token=$citizen

tell 'What is not right is told field by field:'
call POST /v1/reports '{"category": "dien_chieu_sang", "text": "Đèn", "commune": "32025"}' \
    --header "idempotency-key: $(fresh)"
get 422 '.errors[]'
so '[.errors[].pointer] == ["/consent", "/text"]' 'each by its JSON Pointer'

key=$(fresh)
body='{"category": "dien_chieu_sang", "text": "Đèn đường trước trạm y tế phường không sáng ba đêm nay"'
body+=', "point": {"lat": 9.17694321, "lon": 105.15012345}, "commune": "32025"'
body+=', "answers": {"danger": false}, "photos": ["'$lamp'"], "consent": true}'
tell 'The report, under a key of its own:'
call POST /v1/reports "$body" --header "idempotency-key: $key"
get 201 '{number, state, agency, commune, due_at, photos: (.photos | length)}'
so '.agency == "'$home'" and .state == "dispatched"' 'a rule sent it to the agency in charge, with a time to answer'
report=$(value .id) number=$(value .number)
tell 'The reply was lost on the way: the phone sends it again.'
call POST /v1/reports "$body" --header "idempotency-key: $key"
get 201 '{number}'
so '.id == "'"$report"'"' 'the same report, not a second one'
tell 'The same key with another body:'
call POST /v1/reports "${body/ba đêm/bốn đêm}" --header "idempotency-key: $key"
get 422 '{type, title}'
so '.type == "/problems/idempotency-key-reused"' 'is refused'

# --- 3 ----------------------------------------------------------------------------------------------

chapter '3. The agency has it'
soon 'its own system was called, and the signature is right' called report.file
jq -c 'select(.body.type == "report.file") | .body' "$work/calls" | jq $jq_colour -c . | sed 's/^/    /'
sign_in officer.demo
officer=$token
call GET '/v1/desk/inbox?state=dispatched'
get 200 "[.items[] | {number, state, due_at, late}] | map(select(.number == \"$number\"))[]"
so "[.items[].id] | index(\"$report\")" 'it stands in the inbox of its officers'
