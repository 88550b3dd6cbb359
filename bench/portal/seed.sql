-- One account with years of notes, the last one just now.
INSERT INTO sync_log (
    account_id, note_id, inserted_at, order_id, sequence, customer_reference, total, currency,
    warehouse_id, brightpearl_method, shipping_method_sent,
    order_stage, order_reason_code, order_reason, synced_at, shiphero_order_id,
    shipment_stage, shipment_reason_code, shipment_reason, tracking, shipped_at,
    parcels_told, handled_by, handled_note
)
SELECT
    :account, :first + n, made, 40000 + n / 2, 1 + n % 2, 'SHOP-' || n,
    CASE WHEN stage <> 'queued' THEN round((1 + n::bigint * 7919 % 90000)::numeric / 100, 2) END,
    (ARRAY['GBP', 'EUR', 'USD'])[1 + n % 3],
    1 + n % 4, 'Method ' || (1 + n % 12), CASE WHEN sent THEN 'RM24' ELSE '' END,
    stage,
    CASE stage
        WHEN 'failed' THEN
            (ARRAY['sku_unknown', 'address_missing', 'product_without_sku'])[1 + n / 97 % 3]
        WHEN 'held' THEN (ARRAY['shipping_method_unmapped', 'warehouse_undecided'])[1 + n / 97 % 2]
        WHEN 'skipped' THEN 'before_go_live'
        WHEN 'retrying' THEN 'vendor_unreachable'
        ELSE ''
    END,
    CASE stage WHEN 'failed' THEN 'ShipHero does not have SKU TEA-' || n ELSE '' END,
    CASE WHEN sent THEN made + interval '40 seconds' END,
    CASE WHEN sent THEN 'SH-' || (:first + n) ELSE '' END,
    CASE WHEN shipped THEN 'done' ELSE '' END, '', '',
    CASE WHEN shipped THEN 'JD' || (10000000 + n) ELSE '' END,
    CASE WHEN shipped THEN made + interval '5 hours' END,
    '', '', ''
FROM (
    SELECT
        n, stage, now() - (:rows - n) * interval '31 seconds' AS made,
        stage = 'done' AS sent, stage = 'done' AND n < :rows * 0.98 AS shipped
    FROM (
        SELECT n, CASE
            WHEN n % 997 = 0 THEN 'failed'
            WHEN n % 1499 = 0 THEN 'held'
            WHEN n > :rows - 300 AND n % 2 = 0 THEN 'queued'
            WHEN n % 1999 = 0 THEN 'retrying'
            WHEN n % 50 = 0 THEN 'skipped'
            WHEN n % 701 = 0 THEN 'canceled'
            ELSE 'done'
        END AS stage
        FROM generate_series(1, :rows) AS n
    ) AS staged
) AS shaped;

INSERT INTO note_sku (account_id, sku, note_id)
SELECT :account, sku, :first + n
FROM
    generate_series(1, :rows) AS n,
    LATERAL (VALUES ('sku-' || n % 20000), ('tea-' || n % 3)) AS taken (sku);

-- Whose the notes are: by an address of its own, a name of a few, and a marketplace of every third.
INSERT INTO note_person (account_id, digest, note_id, kept_at)
SELECT :account, digest, :first + n, now()
FROM
    generate_series(1, :rows) AS n,
    LATERAL (VALUES
        (md5('address ' || n)), (md5('name ' || n % 20000)),
        (CASE WHEN n % 3 = 0 THEN :market ELSE md5('company ' || n) END)
    ) AS known (digest);

INSERT INTO note_tracking (account_id, number, note_id)
SELECT account_id, lower(tracking), note_id
FROM sync_log WHERE account_id = :account AND tracking <> '';

INSERT INTO order_link (
    account_id, note_id, generation, key, order_number, intended_at, empty_lookups,
    shiphero_order_id, linked_at, adopted, sent
)
SELECT
    account_id, note_id, 1, 'GO-' || :code || '-' || note_id, customer_reference, inserted_at, 0,
    shiphero_order_id, synced_at, false, '{}'
FROM sync_log WHERE account_id = :account AND shiphero_order_id <> '';

-- The journal of the newest notes, of those that are opened, and of all that is not settled.
INSERT INTO event (
    id, account_id, name, queue, lane, subject, payload, dedupe_key, traceparent,
    recorded_at, due_at, published_at, generation, tries, failures,
    outcome, settled_at, reason_code, reason, discarded_by, discard_note
)
SELECT
    gen_random_uuid(), account_id, name, 'shiphero_push', 0, note_id, '{}',
    :code || ':' || name || ':' || note_id,
    '00-' || md5(note_id::text) || '-' || substr(md5(name), 1, 16) || '-01',
    inserted_at, inserted_at, inserted_at, 1, 1, 0,
    CASE WHEN is_open THEN NULL WHEN is_dead THEN 'dead' ELSE 'delivered' END,
    CASE WHEN NOT is_open THEN inserted_at END,
    order_reason_code, order_reason, '', ''
FROM (
    SELECT
        *,
        name = 'goods_out_note.changed' AND order_stage IN ('held', 'queued', 'retrying') AS is_open,
        name = 'goods_out_note.changed' AND order_stage = 'failed' AS is_dead
    FROM
        sync_log,
        (VALUES
            ('goods_out_notes.announced'), ('goods_out_note.changed'), ('sync_log.changed')
        ) AS named (name)
    WHERE account_id = :account
) AS about
WHERE
    note_id > :first + :rows - :events
    OR (note_id - :first - 1) % :every = 0
    OR order_stage IN ('failed', 'held', 'retrying');

INSERT INTO timeline (event_id, account_id, note_id, at, side, stage, sentence)
SELECT id, account_id, subject::integer, recorded_at, 'order', 'done', 'ShipHero has the order.'
FROM event WHERE account_id = :account AND name = 'sync_log.changed';

INSERT INTO attempt (
    event_id, number, worker, started_at, ended_at, result, reason_code, reason, vendor_calls
)
SELECT
    id, number, 'bench', recorded_at, recorded_at + interval '1 second', 'delivered', '', '',
    '[{"vendor": "shiphero", "operation": "order_create", "status": 200, "request_id": "r"}]'
FROM event, generate_series(1, 2) AS number
WHERE account_id = :account AND name = 'goods_out_note.changed'
