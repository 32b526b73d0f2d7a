# The citizen judges, the officials watch, the public sees.

# --- 5 ----------------------------------------------------------------------------------------------

chapter '5. The citizen reads it later, rates it, and has it opened again'
token=$citizen
told() { [ "$(jq -rs --arg n "$number" '[.[] | select(.number == $n) | .what] | unique | length' "$work/heard")" -ge 7 ]; }
sure 'the stream brought every step that was not their own' told
call GET /v1/notices
get 200 '.items[] | {at, what, text: .text_vi}'
so "[.items[] | select(.number == \"$number\") | .what] | index(\"answer\")" 'whoever was away finds it all in the inbox'
notice=$(value '.items[0].id')
call POST "/v1/notices/$notice/read"
get 204
step rate '{"rating": 2, "note": "Đèn lại tắt sau một giờ"}'
get 200 '{state, rating}'
step reopen '{"note": "Đèn lại tắt sau một giờ"}'
get 200 '{state, reopened, due_at}'
so '.state == "dispatched" and .reopened == 1' 'open again, with a fresh time to answer'

# --- 6 ----------------------------------------------------------------------------------------------

chapter '6. The officials watch'
token=$leader
tell 'Who holds what: the leader looks at an officer.'
call GET "/v1/desk/officers/$worker/reports?limit=3"
get 200 '.items[] | {number, state, due_at, late}'
sign_in inspector.demo
inspector=$token
tell 'The inspector sees every agency. What is late now:'
call GET '/v1/desk/late?limit=3'
get 200 '.items[] | {number, agency, state, due_at, late_by_hours: (.late_by_ms / 3600000 | floor)}'
so '(.items | length) > 0 and all(.items[]; .late)' 'earliest deadline first'
tell 'What will be late within a day:'
call GET "/v1/desk/late?agency=$home&soon_minutes=1500"
get 200 '.items[-3:][] | {number, agency, state, due_at, late}'
so "[.items[].id] | index(\"$report\")" 'our report is one of them'
tell 'How many, of which state, how many late, of the last thirty days:'
call GET '/v1/desk/figures?by=category'
get 200 '.items[0:3][]'
so '[.items[].count] | add >= 100' 'counted as they stand'
tell 'Every step, by whom, when, and why:'
call GET "/v1/reports/$report"
get 200 '.history[] | {at, verb, party, from, to, office, reason, note} | with_entries(select(.value))'
so '[.history[].verb] == ["file","receive","ask","supply","reveal","transfer","transfer","assign","answer","close","rate","reopen"]' \
    'the whole history'
step receive
get 403 '{title}'
so '.status == 403' 'an inspector changes nothing'

# --- 7 ----------------------------------------------------------------------------------------------

chapter '7. The agency publishes it, and everybody sees it'
token=
call GET "/v1/public/reports/$number"
get 404 '{title}'
token=$officer
step receive
get 200 '{state}'
step publish '{"photos": ["'"$lamp"'"]}'
get 200 '{state, published_at}'
token=
soon_so "[.items[].number] | index(\"$number\")" 'found by words without accents, the last one only begun' \
    GET '/v1/public/reports?q=den+duong+khong+sang+ba+de'
jq $jq_colour -c ".items[] | select(.number == \"$number\") | {number, state, text, point, photos}" <<<"$reply" |
    sed 's/^/    /'
so ".items[] | select(.number == \"$number\") | .point == {\"lat\": 9.177, \"lon\": 105.15}" 'the place is rounded'
so '(tostring | contains("Nguyễn Thị Hoa") or contains("'"${phone#+84}"'")) | not' 'nobody learns who sent it'
call GET "/v1/public/media/$lamp/small"
get 200
call GET '/v1/public/reports.geojson?box=105.1,9.1,105.2,9.2'
get 200 ".features[] | select(.id == \"$number\") | {type, id, geometry}"
so "[.features[].id] | index(\"$number\")" 'and on the map'
