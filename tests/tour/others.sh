# Dossiers that go otherwise: at the counter, of an organisation, refused, withdrawn, late.

home_birth() {
    jq -nc '{applicant_name: "Trần Văn Bình", applicant_card: "096085012345", relation: "father",
        child_name: "Trần Ngọc Mai", child_birth: "2026-11-02", child_sex: "female",
        child_birthplace: "Trạm y tế phường Tân Thành", late: '"$1"', married: false, commune: "32025",
        mother: {name: "Ngô Thị Lan", birth: "1992-08-09", nationality: "vn"}}'
}

# --- 11 ---------------------------------------------------------------------------------------------

chapter '11. A citizen at the counter, whose card the officer scans'
token=$officer
call POST /v1/desk/dossiers '{"procedure": "1.004873", "channel": "in_person", "receive": true, "commune": "32025",
    "applicant": {"scan": "095160000456|381234567|Võ Thị Dung|20111960|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021"},
    "components": [{"code": "to_khai", "copies": 1}], "fetch": "counter"}' --header "idempotency-key: $(fresh)"
get 201 '{number, state, channel, owed, applicant}'
dossier=$(value .id) number=$(value .number)
owed=$(value .owed)
tell 'The fee is paid in cash; the same sheet twice is one payment.'
key=$(fresh)
for again in 1 2; do
    call POST "/v1/dossiers/$dossier/steps/pay" "{\"amount\": $owed, \"reference\": \"BL 0017\"}" \
        --header "idempotency-key: $key"
    get 200 '{owed, payments: [.payments[] | {amount, way, reference}]}'
    so '.owed == 0 and (.payments | length) == 1' "counted once (sent $again)"
done
dossier_step take
get 200 '{state}'
token=$leader
upload "$work/lamp.jpg" 524288
dossier_step finish "{\"note\": \"Đủ điều kiện\", \"results\": [{\"file\": \"$photo\", \"code\": \"giay_xac_nhan\", \"number\": \"31/XN\"}]}"
get 200 '{state, outcome}'
token=$officer
tell 'She comes for it, and shows her card:'
dossier_step hand_over '{"note": "Bà Dung, căn cước 095160000456"}'
get 200 '{state}'
so '.state == "returned"' 'who took it and when is kept'
tell 'With her e-ID, whenever she has one, she finds it in the app:'
show_eid dung
call GET /v1/dossiers
get 200 '.items[] | {number, state}'
so "[.items[].number] | index(\"$number\")" 'it is hers'

# --- 12 ---------------------------------------------------------------------------------------------

chapter '12. A household business applies in its own name'
token=$an
call POST /v1/me/organisations '{"kind": "household", "tax_code": "096190123456", "name": "Hộ kinh doanh Tôm Đất Mũi",
    "address": "Chợ phường Tân Thành", "commune": "32025"}'
get 201 '{name, state, role}'
shop=$(value .id)
if [ "$(value .state)" = pending ]; then
    token=$officer
    call POST "/v1/desk/organisations/$shop/steps/confirm" '{"note": "Giấy chứng nhận bản chính"}' \
        --header "idempotency-key: $(fresh)"
    get 200 '{state}'
    token=$an
fi
upload "$work/lamp.jpg" 524288
file_dossier 1.001612 "$(jq -nc '{owner: "Lê Thị An", birth: "1990-05-17", card: "096190123456", phone: "0912345678",
    owners: "person", name: "Tôm Đất Mũi 2", commune: "32025", address: "Chợ phường Tân Thành",
    lines: ["Bán lẻ thủy sản"], capital: 50000000, workers: 2, opens: "2026-12-20"}')" \
    "[{\"code\": \"giay_de_nghi\", \"files\": [\"$photo\"]}]" --header "acting-for: $shop"
call GET "/v1/dossiers/$dossier" '' --header "acting-for: $shop"
get 200 '{number, applicant}'
call GET '/v1/dossiers?limit=5'
get 200 '.items[] | {number}'
so "[.items[].number] | index(\"$number\") | not" 'it is not among her own'
token=$officer
dossier_step receive
get 200 '{state, appointment, owed}'
dossier_step pay "{\"amount\": $(value .owed), \"reference\": \"BL 0018\"}"
get 200 '{owed}'
dossier_step take
get 200 '{state}'
token=$leader
upload "$work/lamp.jpg" 524288
tell 'A certificate of business is signed digitally; a picture of one is not taken for it:'
dossier_step finish "{\"note\": \"Đồng ý\", \"results\": [{\"file\": \"$photo\", \"code\": \"giay_chung_nhan\"}]}"
get 422 '.errors[] | {pointer, detail}'
so '.errors[0].pointer == "/results/0/file"' 'only a PDF signed by whom media.signature_roots vouches for goes out'
tell 'The leader signs it, with a key that the root of this demonstration vouches for (demo/sign.py):'
signed_certificate 'Giấy chứng nhận đăng ký hộ kinh doanh' 12/GCN 'Hộ kinh doanh Tôm Đất Mũi 2' 'Chủ hộ: Lê Thị An'
upload "$work/signed.pdf" 524288
call GET "/v1/media/$photo"
get 200 '.signatures[] | {verdict, words, signer, issuer, whole, revocation}'
so '.signatures[0] | .verdict == "valid" and .whole and .revocation == "good"' 'the whole file is covered, the signer vouched for, and not revoked'
dossier_step finish "{\"note\": \"Đồng ý\", \"results\": [{\"file\": \"$photo\", \"code\": \"giay_chung_nhan\", \"number\": \"12/GCN\"}]}"
get 200 '{state, outcome, results: [.results[] | {number, signature, state}]}'
so '.results[0].signature == "valid"' 'the verdict is kept with the result'
token=$an
dossier_step collect '{}' --header "acting-for: $shop"
get 200 '{state, outcome}'
so '.state == "returned"' 'the household business has its certificate'

# --- 13 ---------------------------------------------------------------------------------------------

chapter '13. Refused, and withdrawn when it was paid too late'
show_eid binh
binh=$token
upload "$work/lamp.jpg" 524288
file_dossier 1.001193 "$(home_birth false)" "[{\"code\": \"giay_chung_sinh\", \"files\": [\"$photo\"]}]"
token=$officer
dossier_step refuse '{"reason": "not_competent", "note": "Nơi cư trú của cha mẹ thuộc phường khác"}'
get 200 '{state, outcome, decision}'
so '.state == "refused"' 'with a reason, in writing'

token=$binh
upload "$work/lamp.jpg" 524288
file_dossier 1.001193 "$(home_birth true)" "[{\"code\": \"giay_chung_sinh\", \"files\": [\"$photo\"]}]"
call POST "/v1/dossiers/$dossier/payments" '' --header "idempotency-key: $(fresh)"
get 201 '{state, amount}'
pay_at=$(value .url)
token=$officer
dossier_step receive
get 200 '{state}'
token=$binh
dossier_step withdraw '{"note": "Gia đình sẽ đăng ký ở quê"}'
get 200 '{state}'
token=$officer
dossier_step release
get 200 '{state, outcome}'
so '.outcome == "withdrawn"' 'it ended as he wished'
tell 'The page of the provider was still open, and somebody pressed the button:'
sure 'paid at the provider' pressed
token=$leader
soon_so "any(.items[]; .number == \"$number\")" 'the money is not lost: the desk has it to give back' GET /v1/desk/payments
money=$(value ".items[] | select(.number == \"$number\") | .id")
call POST "/v1/desk/payments/$money/refund" '{"reference": "UNC 0042"}' --header "idempotency-key: $(fresh)"
get 200 '{amount, counted, refund, state, reason}'
token=$binh
soon_so "[.items[] | select(.number == \"$number\") | .what] | index(\"refunded\")" 'he is told' GET /v1/notices

# --- 14 ---------------------------------------------------------------------------------------------

chapter '14. What will be late, and what is'
token=$officer
call POST /v1/desk/dossiers '{"procedure": "1.004873", "channel": "in_person", "receive": true, "commune": "32025",
    "applicant": {"passport": {"country": "AUS", "number": "N1234567"}, "name": "Mary Ann Nguyen", "birth": "1985-03-09"},
    "components": [{"code": "to_khai", "copies": 1}], "fetch": "counter"}' --header "idempotency-key: $(fresh)"
get 201 '{number, state, appointment, applicant}'
dossier=$(value .id)
token=$leader
dossier_step apologise '{"days": 3, "note": "Chờ xác minh tình trạng hôn nhân ở nước ngoài"}'
get 200 '{state, appointment, apologies}'
form 04
tell 'Once, and a day before at the latest:'
dossier_step apologise '{"days": 3, "note": "Vẫn chờ"}'
get 409 '{title, allowed}'
token=$inspector
call GET '/v1/desk/dossiers/late?limit=3'
get 200 '.items[] | {number, agency, state, appointment, late_by_hours: (.late_by_ms / 3600000 | floor)}'
so 'all(.items[]; .late)' 'every late dossier, of every agency, earliest deadline first'
call GET '/v1/desk/dossiers?limit=3'
get 200 '.items[] | {number, agency, state}'
