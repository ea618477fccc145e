"""Deleting every view and Django's database, and replaying, gives the same answers."""

import shutil
from collections.abc import Callable

from fairwitness.clock import system_clock
from fairwitness.compose import Followers, House
from fairwitness.model.custody import AlertClosed
from fairwitness.testing.deployment import Deployment, text_delivery, wait_until


def everything(house: House) -> object:
    """What the inbox, search, conversations, people and mandates answer."""
    state = house.custody()
    rows = house.alerts.queue(limit=1_000)
    return {
        "queue": rows,
        "alerts": [house.alerts.alert(row.alert) for row in rows],
        "search": [house.search.search(words) for words in ("telegram", "reunião", '"bom dia"')],
        "conversations": house.messages.conversations(limit=1_000),
        "windows": [
            house.messages.window(row.stream, around=row.last_index, before=1_000)
            for row in house.messages.conversations(limit=1_000)
        ],
        "not understood": house.messages.not_understood(limit=1_000),
        "people": dict(state.people), "lines": dict(state.lines), "mandates": dict(state.mandates),
        "roles": dict(state.roles), "refused": house.refused(),
    }  # fmt: skip


def test_views_are_the_same_after_being_deleted_and_replayed(
    make_deployment: Callable[..., Deployment],
) -> None:
    deployment = make_deployment(segment_entries=50)
    line, mandate = deployment.enrol("Ana", aliases=("pnid:1",))
    deployment.enrol("Bia", aliases=("pnid:2",))
    deployment.start("door", "keeper")
    texts = ["me chama no telegram", "bom dia, doutora", "a reunião é amanhã", "garantimos 5% ao mês"]
    for number in range(120):
        body = text_delivery(
            [(f"wamid.{number}", texts[number % 4])],
            number_id=str(1 + number % 2),
            contact=f"551190000{number % 7:04d}",
        )
        assert deployment.post(body) == 200
    deployment.withdraw(line, mandate)
    assert deployment.post(text_delivery([("wamid.late", "telegram")], number_id="1")) == 200
    wait_until(lambda: deployment.house.messages.message_count() == 120, what="the followers")
    wait_until(lambda: deployment.house.alerts.count() >= 30, what="the alerts")
    alert = deployment.house.alerts.queue(limit=1)[0]
    closed = AlertClosed(
        alert=alert.alert,
        reviewed=(alert.index,),
        decision="violation",
        action="coached",
        by="ana@firm.example",
    )
    deployment.house.decide(closed, subject=alert.alert[:32])
    deployment.stop()
    before = everything(House(deployment.settings, deployment.keys))
    sizes = deployment.house.status().logs

    shutil.rmtree(deployment.settings.views)
    shutil.rmtree(deployment.settings.home / "hub", ignore_errors=True)
    deployment.settings.views.mkdir(mode=0o700)
    followers = Followers(deployment.settings, deployment.keys, clock=system_clock)
    while followers.catch_up():
        pass
    house = House(deployment.settings, deployment.keys)
    assert everything(house) == before
    # Replaying decides nothing anew: no alert is raised a second time.
    assert [log.size for log in house.status().logs] == [log.size for log in sizes]
