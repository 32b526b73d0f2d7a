#include "programs/config_tables.h"

#include "base/cleanup.h"
#include "gateway/gateway.h"
#include "handlers/app.h"
#include "pay/pay.h"
#include "programs/master.h"
#include "push/push.h"

const struct config_key *const config_tables[] = {
    gateway_config, app_config, eid_config, passkey_config, push_config, pay_config, master_config};
const size_t config_tables_n = ARRAY_LEN(config_tables);
