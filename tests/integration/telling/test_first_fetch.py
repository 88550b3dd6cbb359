"""The first fetch: told when all of it is here, or why it stopped."""

from shared.catalogue.parts import Part
from shared.db.account_tables import WarehouseMapping
from shared.db.vendor_tables import FetchProgress
from shared.journal.record import new_id
from tests.integration.telling.office import Office, thread_of


def stand(office: Office, state: str, *parts: Part, failure: str = "") -> None:
    now = office.books.clock()
    with office.books.session() as session:
        for part in parts or tuple(Part):
            session.merge(
                FetchProgress(
                    account_id=office.books.account,
                    part=part.value,
                    run_id=new_id(),
                    state=state,
                    done=3410,
                    started_at=now,
                    moved_at=now,
                    failure=failure,
                )
            )


def test_nothing_is_told_before_every_list_is_here(office: Office) -> None:
    stand(office, "done")
    stand(office, "running", Part.PRODUCTS)

    assert office.tell() == []


def test_when_all_is_here_the_owner_is_invited_to_configure(office: Office) -> None:
    with office.books.session() as session:
        session.add(
            WarehouseMapping(
                account_id=office.books.account,
                brightpearl_warehouse_id=2,
                brightpearl_name="Leeds",
                decision="undecided",
            )
        )
    stand(office, "done")

    [letter], [] = office.tell(), office.tell()

    assert letter.subject == "Your lists are here: time to configure Goodsout"
    assert "Products: 3,410 fetched" in letter.text
    assert "Still missing: 1 warehouse is not mapped, no go-live time is set." in letter.text
    assert "/configuration" in letter.text


def test_a_later_fetch_is_no_news(office: Office) -> None:
    stand(office, "done")
    office.tell()
    stand(office, "running")
    office.books.clock.pass_(days=1)
    stand(office, "done")

    assert office.tell() == []


def test_a_stop_is_told_with_its_reason_and_then_that_it_is_done(office: Office) -> None:
    stand(office, "done")
    stand(office, "failed", Part.PRODUCTS, failure="Brightpearl answered 500 eleven times.")
    [stopped], [] = office.tell(), office.tell()
    stand(office, "done", Part.PRODUCTS)

    [done] = office.tell()

    assert "Products: Brightpearl answered 500 eleven times." in stopped.text
    assert (thread_of(done), done.number) == (thread_of(stopped), 2)
