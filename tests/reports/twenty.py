"""Twenty reports whose figures were worked out by hand, each with its times beside it.

Service hours are Monday to Friday, 7:30 to 16:00; the promise for all of them is 8:30 hours to a first response and
25:30 to the solution. Friday, 3 October 2025, is a public holiday; on Sunday, 26 October, the clocks go back.
"""

from reports.keeping import keep_figures
from tests.city import berlin
from tickets.commands import escalate, finish, merge, sweep, work

NOW = berlin(2025, 12, 1, 12)


def twenty_kept(city):
    """Let all of it happen, and be counted."""
    twenty_reports(city)
    keep_figures(at=NOW)


def twenty_reports(city):
    """Let all of it happen: 17 count, 14 of them are solved, 2 still open, 1 is closed without a solution."""
    a204, b112 = city.a204, city.b112

    def report(*at, room=None, **fields):
        place = {"room": room} if room else {"room": None, "place": "Aula"}
        return city.report(at=berlin(*at), **place, **fields)

    def accept(ticket, *at):
        return work.accept(ticket=ticket, by=city.manager, at=berlin(*at))

    def resolve(ticket, *at, by=city.manager):
        return finish.resolve(ticket=ticket, solution="Kabel getauscht", cause="cable", by=by, at=berlin(*at))

    # 1 and 2: within a day.                                                              response  solution
    resolve(accept(report(2025, 9, 1, 8, room=a204), 2025, 9, 1, 8, 30), 2025, 9, 1, 10)  # 0:30     2:00
    resolve(accept(report(2025, 9, 2, 8, room=a204), 2025, 9, 2, 9), 2025, 9, 2, 12)  #     1:00     4:00
    # 3: over a public holiday and a weekend; an hour on Thursday, the rest on Monday.
    resolve(accept(report(2025, 10, 2, 15, room=a204), 2025, 10, 6, 8), 2025, 10, 6, 9, 30)  # 1:30  3:00
    # 4: over the night in which the clocks go back.
    resolve(accept(report(2025, 10, 24, 15, room=a204), 2025, 10, 27, 8, 30), 2025, 10, 27, 11)  # 2:00  4:30
    # 5: from 8:15 until 12:15 an answer is waited for.
    asked = report(2025, 10, 6, 8, room=a204)
    work.ask(ticket=asked, text="Welches Gerät?", by=city.manager, at=berlin(2025, 10, 6, 8, 15))  # 0:15
    work.answer(ticket=asked, text="Das linke", by=city.teacher, at=berlin(2025, 10, 6, 12, 15))
    resolve(asked, 2025, 10, 6, 14, 15)  #                                                           2:15
    # 6: solved after an hour, opened again on the next day, solved an hour later: the last solution counts.
    again = resolve(accept(report(2025, 10, 7, 8, room=b112), 2025, 10, 7, 8, 10), 2025, 10, 7, 9)  # 0:10
    finish.reopen(ticket=again, reason="Wieder dunkel", by=city.teacher, at=berlin(2025, 10, 8, 9))
    resolve(again, 2025, 10, 8, 10)  #                                                               2:00
    # 7 is merged into 8, which goes on with its clocks: since 8:00. 7 counts no more.
    source, target = report(2025, 10, 13, 8, room=b112), report(2025, 10, 13, 8, 30, room=b112)
    merge.merge(ticket=source, into=target, by=city.manager, at=berlin(2025, 10, 13, 9))
    resolve(accept(target, 2025, 10, 13, 9, 30), 2025, 10, 13, 11)  #                       1:30     3:00
    # 9 is withdrawn, 10 is confidential: they count nowhere.
    finish.withdraw(ticket=report(2025, 10, 14, 8), by=city.teacher, at=berlin(2025, 10, 14, 9))
    resolve(accept(report(2025, 10, 14, 8, confidential=True), 2025, 10, 14, 9), 2025, 10, 14, 10)
    # 11: solved by the Systemhaus; the rest of Wednesday and two and a half hours of Thursday.
    handed = accept(report(2025, 10, 15, 8, room=a204, category=city.network), 2025, 10, 15, 8, 20)  # 0:20
    city.escalated(handed, at=berlin(2025, 10, 15, 9))
    escalate.accept_escalation(ticket=handed, by=city.specialist, at=berlin(2025, 10, 15, 10))
    resolve(handed, 2025, 10, 16, 10, by=city.specialist)  #                                        10:30
    # 12: too late; 8, three times 8:30 and 1:30 hours.
    resolve(accept(report(2025, 11, 3, 8, room=b112), 2025, 11, 3, 10), 2025, 11, 7, 9)  #  2:00    35:00
    # 13: still open and overdue, without a response. 14: an answer is waited for, so nothing is decided.
    overdue = report(2025, 11, 10, 8, room=b112).deadlines.get(kind="resolution")
    assert sweep.take_steps(deadline_id=overdue.pk, at=berlin(2025, 11, 13, 8, 1))  # due at 8:00, after 25:30
    waiting = report(2025, 11, 10, 9, room=b112)
    work.ask(ticket=waiting, text="Seit wann?", by=city.manager, at=berlin(2025, 11, 10, 9, 30))  # 0:30
    # 15: closed without a solution.
    closed = accept(report(2025, 11, 11, 8), 2025, 11, 11, 8, 45)  #                        0:45
    finish.close(ticket=closed, reason="Kein Fehler", by=city.manager, at=berlin(2025, 11, 11, 9))
    # 16: solved at once. 17 and 18: within a day.
    resolve(report(2025, 11, 12, 8, category=city.network), 2025, 11, 12, 8, 40)  #         0:40     0:40
    network = {"category": city.network}
    resolve(accept(report(2025, 11, 13, 8, **network), 2025, 11, 13, 11), 2025, 11, 13, 13)  # 3:00  5:00
    resolve(accept(report(2025, 11, 14, 8, **network), 2025, 11, 14, 9, 15), 2025, 11, 14, 15)  # 1:15  7:00
    # 19: reported in the first half hour of November, which in UTC is still October.
    resolve(accept(report(2025, 11, 1, 0, 30, **network), 2025, 11, 3, 7, 45), 2025, 11, 3, 8, 30)  # 0:15  1:00
    # 20
    resolve(accept(report(2025, 11, 17, 8, **network), 2025, 11, 17, 8, 5), 2025, 11, 17, 12, 30)  # 0:05  4:30
