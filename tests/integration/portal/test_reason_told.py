"""Which side's reason a row of the sync log tells first."""

from itertools import product

from sqlalchemy import select

from shared.db.note_tables import SYNC_LOG
from shared.notes.state import NEEDS_PERSON, ORDER, SHIPMENT, STAGES, telling_side
from tests.integration.portal.merchants import Merchants

# Every pair of stages in which a person is waited for on either side, numbered as notes.
PAIRS = [
    pair for pair in product(STAGES[ORDER], STAGES[SHIPMENT]) if NEEDS_PERSON.intersection(pair)
]
CODES = {ORDER: "sku_unknown", SHIPMENT: "event_owner_unset"}


def test_the_database_tells_the_reason_of_the_side_that_a_person_has_to_act_on(
    merchants: Merchants,
) -> None:
    for note_id, (order_stage, shipment_stage) in enumerate(PAIRS, start=1):
        merchants.note(
            note_id,
            order_stage=order_stage,
            order_reason_code=CODES[ORDER],
            shipment_stage=shipment_stage,
            shipment_reason_code=CODES[SHIPMENT],
        )

    with merchants.open_session() as session:
        told = session.scalars(select(SYNC_LOG.c.reason_code).order_by(SYNC_LOG.c.note_id)).all()
    assert list(told) == [CODES[telling_side(*pair)] for pair in PAIRS]


def test_of_a_deleted_note_whose_parcel_had_left_the_parcel_is_told(merchants: Merchants) -> None:
    merchants.note(
        1,
        order_stage="cancel_refused",
        order_reason_code="cancel_refused",
        shipment_stage="failed",
        shipment_reason_code="note_deleted_but_shipped",
    )

    shown = merchants.viewer().get("/sync-log?state=needs_you").get_data(as_text=True)

    assert "ship it there, or have the parcel come back" in shown
