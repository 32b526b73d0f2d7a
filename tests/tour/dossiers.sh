# An online service from home to its result: draft, papers, fee, supplement, signature.

# --- 8 ----------------------------------------------------------------------------------------------

chapter '8. A citizen at home registers a birth that was not registered in time'
start_eid
show_eid an
an=$token
call GET '/v1/procedures?q=dang+ky+khai+sinh&limit=1'
get 200 '.items[] | {code, name}'
so '.items[0].code == "1.001193"' 'found by words without accents'
call POST /v1/dossier-drafts '{"procedure": "1.001193"}' --header "idempotency-key: $(fresh)"
get 201 '{procedure, revision, form}'
so '.form.applicant_name == "Lê Thị An"' 'what the e-ID knows is filled in'
draft=$(value .id)
answers=$(jq -c '. + {relation: "mother", child_name: "Trần Minh Khang", child_birth: "2026-03-02", child_sex: "male",
    child_birthplace: "Bệnh viện Sản - Nhi Cà Mau", late: true, married: false, commune: "32025",
    mother: {name: "Lê Thị An", birth: "1990-05-17", nationality: "vn"}}' <<<"$(value .form)")
tell 'Saved as one types, from any device; a review tells all at once what is lacking, and what it costs:'
call PUT "/v1/dossier-drafts/$draft" "{\"form\": $answers, \"fetch\": \"download\"}" --header 'if-match: "1"'
get 200 '{revision}'
call GET "/v1/dossier-drafts/$draft/review"
get 200 '{complete, total, decider: .decider.name, problems: [.problems[].pointer]}'
so '.total == 8000 and (.complete | not)' 'registered late it costs 8.000 đồng, and a paper is lacking'
upload "$work/lamp.jpg" 524288
call PUT "/v1/dossier-drafts/$draft" "{\"form\": $answers, \"fetch\": \"download\",
    \"components\": [{\"code\": \"giay_chung_sinh\", \"files\": [\"$photo\"]}]}" --header 'if-match: "2"'
get 200 '{revision}'
key=$(fresh)
call POST /v1/dossiers "{\"draft\": \"$draft\"}" --header "idempotency-key: $key"
get 201 '{number, state, agency, owed, check}'
dossier=$(value .id) number=$(value .number) slip=$(value .check)
tell 'The reply was lost on the way: the phone sends it again.'
call POST /v1/dossiers "{\"draft\": \"$draft\"}" --header "idempotency-key: $key"
get 201 '{number}'
so '.id == "'"$dossier"'"' 'it is still one dossier'

# --- 9 ----------------------------------------------------------------------------------------------

chapter '9. The desk receives it; a paper is asked for; the fee is paid online'
token=$officer
call GET '/v1/desk/dossiers/inbox?state=submitted'
get 200 "[.items[] | {number, state, due_at, late}] | map(select(.number == \"$number\"))[]"
dossier_step receive
get 200 '{number, state, appointment}'
so '.state == "received" and .appointment' 'an appointment is promised'
form 01
dossier_step take
get 200 '{state}'
dossier_step supplement '{"note": "Ảnh giấy chứng sinh bị mờ",
    "components": [{"code": "giay_chung_sinh", "verdict": "unclear", "note": "Không đọc được số",
        "despite": "Bản trong kho cũng bị mờ như bản này"}]}'
get 200 '{state, supplements}'
token=$an
soon_so "[.items[] | select(.number == \"$number\") | .what] | index(\"supplement\")" 'the phone was told' GET /v1/notices
upload "$work/lamp.jpg" 524288
dossier_step supply "{\"components\": [{\"code\": \"giay_chung_sinh\", \"files\": [\"$photo\"]}]}"
get 200 '{state}'
so '.state == "in_progress"' 'and it goes on where it was'
key=$(fresh)
call POST "/v1/dossiers/$dossier/payments" '' --header "idempotency-key: $key"
get 201 '{state, amount, expires_at, url}'
order=$(value .id) pay_at=$(value .url)
tell "The phone opens that page; here curl presses its button, and asks for the callback to come twice."
pressed() { curl -sSf --data 'do=pay&callbacks=twice' "$pay_at" >"$work/paid.html" && grep -q 'đã thanh toán' "$work/paid.html"; }
sure 'paid at the provider' pressed
soon_so '.owed == 0' 'its callback came' GET "/v1/dossiers/$dossier"
so '(.payments | length) == 1 and .payments[0].way == "service"' 'and was counted once'
paid=$(value '.payments[0].id')
call GET "/v1/dossiers/$dossier/receipts/$paid"
get 200 '{payer, agency_name, amount, amount_words, reference}'
so '.amount_words == "Tám nghìn đồng"' 'the receipt'
call POST "/v1/dossiers/$dossier/payments/$order/check"
get 200 '{state}'

# --- 10 ---------------------------------------------------------------------------------------------

chapter '10. It is signed, and fetched'
token=$leader
upload "$work/lamp.jpg" 524288
dossier_step finish "{\"note\": \"Đủ điều kiện\", \"results\": [{\"file\": \"$photo\", \"code\": \"khai_sinh\", \"number\": \"12/KS\"}]}"
get 200 '{state, outcome, results: [.results[] | {number, state}]}'
token=
call GET "/v1/public/dossiers/$number?check=$slip"
get 200 .
so '.percent == 90' 'who has the slip sees how far it is, and nothing else'
token=$an
dossier_step collect
get 200 '{state, outcome}'
so '.state == "returned"' 'the result is theirs'
dossier_step rate '{"rating": 5}'
get 200 '{rating}'
call GET "/v1/dossiers/$dossier"
get 200 '.history[] | {at, verb, party, from, to} | with_entries(select(.value))'
