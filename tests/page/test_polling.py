"""When the page asks. Its clock is the test's: an hour passes at once."""

from __future__ import annotations

from playwright.sync_api import expect

from page.screen import Screen

MINUTE = 60_000


def open_with_clock(screen: Screen) -> None:
    screen.page.clock.install()
    screen.open(poll=5000)
    expect(screen.coin("BTC")).to_be_visible()


def test_it_polls_while_it_is_seen(screen: Screen) -> None:
    open_with_clock(screen)
    before = screen.polls
    screen.page.clock.run_for(6000)
    screen.until(lambda: screen.polls > before)


def test_what_others_write_appears_by_itself(screen: Screen) -> None:
    screen.open("lively")
    before = screen.table.inner_text()
    screen.until(lambda: screen.table.inner_text() != before)


def test_a_hidden_tab_asks_nothing_until_it_is_seen_again(screen: Screen) -> None:
    open_with_clock(screen)
    screen.see(visible=False)
    asked = len(screen.asked)
    screen.page.clock.run_for(10 * MINUTE)
    assert screen.asked[asked:] == []
    before = screen.polls
    screen.see(visible=True)
    screen.until(lambda: screen.polls > before)


def test_a_failing_api_is_asked_less_often(screen: Screen) -> None:
    open_with_clock(screen)
    well = polls_in_a_minute(screen)
    screen.use("failing")
    polls_in_a_minute(screen)
    assert 0 < polls_in_a_minute(screen) < well / 2


def test_a_network_that_was_gone_is_noticed_and_so_is_its_return(screen: Screen) -> None:
    screen.open()
    expect(screen.coin("BTC")).to_be_visible()
    screen.page.context.set_offline(True)
    expect(screen.stale).to_be_visible()
    expect(screen.coin("BTC")).to_be_visible()
    screen.page.context.set_offline(False)
    expect(screen.stale).to_have_count(0)
    before = screen.polls
    screen.until(lambda: screen.polls > before)


def polls_in_a_minute(screen: Screen) -> int:
    """In small steps, for each poll waits for the answer to the one before."""
    before = screen.polls
    for _ in range(60):
        screen.page.clock.run_for(1000)
        screen.page.wait_for_timeout(20)
    return screen.polls - before
