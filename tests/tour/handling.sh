# The agency handles the report; the citizen's phone hears of every step.

# What the phone hears is written to $work/heard, and shown as it comes.
live() {
    local line event=
    while IFS= read -r line; do
        case $line in
        event:*) event=${line#event: } ;;
        data:*)
            printf '%s\n' "${line#data: }" >>"$work/heard"
            jq -r --arg number "$number" 'select(.number == $number) | .text_vi' <<<"${line#data: }" |
                sed "s/^/  $pink⚡ $event:$plain /"
            ;;
        esac
    done
}

# heard WHAT: the phone was told of this step of our report.
heard() {
    jq -es --arg what "$1" --arg number "$number" \
        'any(.[]; .what == $what and .number == $number)' "$work/heard" >/dev/null
}

chapter "4. The agency handles it, while the citizen's phone listens"
: >"$work/heard"
printf '%s→ GET /v1/events%s %s(server-sent events; stays open)%s\n' "$cyan" "$plain" "$dim" "$plain"
curl -sSN --http2 --cacert "$data/tls/dev-cert.pem" --header "authorization: Bearer $citizen" \
    --dump-header "$work/stream" "$api/v1/events" > >(live) 2>/dev/null &
children+=($!)
opened() { grep -q '^HTTP/2 200' "$work/stream" 2>/dev/null; }
soon 'the stream is open' opened

tell 'A step that is not possible now says which are:'
token=$officer
step answer '{"note": "Đã xong"}'
get 409 '{type, state, allowed}'
so '.allowed | index("receive")' 'to receive it is one of them'

step receive
get 200 '{number, state}'
received_tag=$(header etag)
soon 'the phone heard of it' heard receive
step ask '{"note": "Cột đèn mang số mấy?"}'
get 200 '{state}'
soon 'the phone heard the question' heard ask
tell "Who acts on what is no longer so, is told:"
step resume '{}' --header "if-match: $received_tag"
get 412 '{type, title}'
token=$citizen
step supply '{"note": "Cột số 12, cạnh cổng trạm y tế"}'
get 200 '{state, questions: [.questions[] | {question, answer}]}'
so '.state == "received"' 'the answer brings it back to where it was'

tell 'Name and phone are shown with consent only, and each look is told to the citizen:'
token=$officer
call POST "/v1/reports/$report/reporter" '{"note": "Cần gọi để hẹn giờ"}'
get 200 .
so '.phone == "'"$phone"'"' 'the officer may call'
soon 'the phone heard of the look' heard reveal

tell 'It is sent on to another agency, and back:'
step transfer '{"agency": "'$other'"}'
get 422 '.errors[]'
so '.errors[0].pointer == "/reason"' 'not without a reason'
step transfer '{"agency": "'$other'", "reason": "other_field", "note": "Đèn thuộc khuôn viên trạm y tế"}'
get 200 '{state, agency, transfers}'
call GET "/v1/reports/$report"
get 404 '{title}'
so '.status == 404' 'whose it is no longer, does not see it any more'
sign_in health.demo
step transfer '{"agency": "'$home'", "reason": "other_area", "note": "Đèn nằm trên đường của phường"}'
get 200 '{state, agency, transfers}'

tell 'The leader gives it to an officer, who answers with a photo of what was done.'
sign_in leader.demo
leader=$token
call GET /v1/desk/colleagues
get 200 '.items[] | {id, name, role}'
worker=$(value '[.items[] | select(.role == "officer")][0].id')
step assign '{"officer": "'"$worker"'"}'
get 200 '{state, officer}'
token=$officer
step answer '{"note": "Đã thay bóng đèn tại cột số 12"}'
get 422 '.errors[]'
so '.errors[0].pointer == "/photos"' 'this category wants a proof'
upload "$work/lamp.jpg" 262144
step answer '{"note": "Đã thay bóng đèn tại cột số 12 lúc 15 giờ", "photos": ["'"$photo"'"]}'
get 200 '{state, outcome, answer, photos: [.photos[] | {proof, width, height}]}'
so '.state == "answered" and any(.photos[]; .proof)' 'answered, with evidence'
soon 'the phone heard the answer' heard answer
step close
get 200 '{state, outcome, closed_at}'
so '.state == "closed" and .outcome == "resolved"' 'closed, and how it ended is written down'
soon 'the phone heard that too' heard close
soon "the agency's own system was called at each step" called report.close
jq -r --arg id "$report" '.body | select(.data.id == $id) | "    \(.type): \(.data.state)"' "$work/calls"
