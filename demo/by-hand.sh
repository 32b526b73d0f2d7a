# anybody: published reports, found by words without accents
call() { curl -sS --cacert "$data/tls/dev-cert.pem" -H 'content-type: application/json' "$@"; }
call "$api/v1/public/reports?q=ngap+duong&limit=2" | jq -c '.items[] | [.number, .state, .text]'
# a citizen asks for a code, reads it, signs in, and files a report
challenge=$(call "$api/v1/auth/otp" -d '{"phone": "0912345678"}' | jq -r .challenge); sleep 1
code=$(sed -n 's/.*Tram cua ban la \([0-9]\{6\}\),.*/\1/p' "$data/stdout.log" | tail -n 1)
citizen=$(call "$api/v1/auth/otp/$challenge/check" -d '{"code": "'$code'"}' | jq -r .access_token)
key=$(cat /proc/sys/kernel/random/uuid)
call "$api/v1/reports" -H "authorization: Bearer $citizen" -H "idempotency-key: $key" -d '{
  "category": "dien_chieu_sang", "text": "Đèn đường trước trạm y tế không sáng", "commune": "32025",
  "answers": {"danger": false}, "consent": true}' | jq '{number, state, agency, due_at}'
# an officer signs in with password and code (each is good once, the next comes within 30 s)
code=$("$tramctl" --data "$data" totp <<<DEMOBBBBBBBBBBBBBBBBBBBBBBBBBBB3)
officer=$(call "$api/v1/auth/staff" -d '{
  "user": "officer.demo", "password": "tram-demo-officer", "code": "'$code'"}' | jq -r .access_token)
call "$api/v1/desk/inbox" -H "authorization: Bearer $officer" | jq -c '.items[] | [.number, .state, .due_at]'
