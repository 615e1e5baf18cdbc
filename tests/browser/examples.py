"""Who looks at which page of the village; a page that is missing here fails the tests."""

from __future__ import annotations

from dataclasses import dataclass

# Answers that are no pages: files to keep, numbers for machines, ways back that redirect.
NO_PAGES = {
    "static",
    "pages.healthz",
    "pages.readyz",
    "room.events",
    "ballots.receipt_file",
    "ballots.result_file",
    "ballots.result_sums",
    "ballots.back_to_booth",
    "ballots.cast_again",
    "notices.follow",
}

# Endpoint, what its address needs (by the village's name for it), and who looks.
TABLE = """
pages.home                   -                                      visitor resident newcomer
pages.about                  -                                      visitor
pages.counting               -                                      visitor
pages.privacy                -                                      visitor
pages.terms                  -                                      visitor
pages.style                  -                                      visitor
pages.desk                   -                                      operator clerk desk_clerk
pages.desk                   -                                      department chair moderator
pages.desk                   -                                      officer observer
moderation.ledger            -                                      visitor
notices.mine                 -                                      resident newcomer
residents.sign_in            -                                      visitor
residents.sign_up            -                                      visitor
residents.new_passphrase     -                                      visitor
residents.me                 -                                      resident newcomer
residents.settings           -                                      resident
residents.change_contact     -                                      resident
residents.remove_contact     kind=email                             resident
residents.change_home        -                                      resident
residents.change_name        -                                      resident
residents.change_passphrase  -                                      resident
residents.leave              -                                      resident
residents_desk.people        -                                      clerk desk_clerk operator
residents_desk.person        person_id=resident                     clerk desk_clerk operator
residents_desk.person        person_id=clerk                        operator
residents_desk.help_forgetful person_id=resident                    clerk desk_clerk
residents_desk.help_forgetful person_id=clerk                       operator
residents_desk.correct       person_id=resident                     clerk desk_clerk
residents_desk.register      -                                      clerk desk_clerk
residents_desk.roles         -                                      operator
residents_desk.end_role      grant_id=department_grant              operator

proposals.board              -                                      visitor resident
proposals.board              state=endorsing&sort=closing           visitor
proposals.write              -                                      resident
proposals.drafts             -                                      resident newcomer
proposals.edit               proposal_id=draft                      resident
proposals.preview            proposal_id=draft                      resident
proposals.done               proposal_id=own                        resident
proposals.report             proposal_id=endorsing                  resident
proposals.detail             proposal_id=endorsing                  visitor resident clerk
proposals.detail             proposal_id=replied                    visitor
proposals.detail             proposal_id=hidden                     visitor moderator
proposals_desk.index         -                                      clerk department operator
proposals_desk.work          proposal_id=precheck                   clerk operator
proposals_desk.work          proposal_id=review                     clerk
proposals_desk.work          proposal_id=assigned                   department
proposals_desk.work          proposal_id=hidden                     clerk
proposals_desk.endorsement_policy  -                                operator

forum.topics                 -                                      visitor
forum.topic                  topic_id=topic                         visitor resident moderator
forum.topic                  topic_id=quiet_topic                   visitor
forum.topic                  topic_id=concluded_topic               visitor
forum.opinion                topic_id=topic&opinion_id=opinion      visitor resident
forum.opinion                topic_id=topic&opinion_id=hidden_opinion  visitor
forum.write_opinion          topic_id=quiet_topic                   resident
forum.change_stance          topic_id=topic&opinion_id=own_opinion  resident
forum.report                 topic_id=topic&opinion_id=opinion      resident
forum.hide                   topic_id=topic&opinion_id=opinion      clerk moderator
forum.restore                topic_id=topic&opinion_id=hidden_opinion  clerk moderator
agreement.weigh              topic_id=topic                         visitor resident
agreement.weigh              topic_id=topic&after=claim             resident
agreement.weigh              topic_id=concluded_topic               visitor
agreement.weigh_claim        topic_id=topic&claim_id=claim          resident
agreement.weighed            topic_id=topic                         resident
agreement.weighed            topic_id=quiet_topic                   resident
agreement.weighed            topic_id=concluded_topic               resident
agreement.show_map           topic_id=topic                         visitor resident
agreement.show_map           topic_id=quiet_topic                   visitor
agreement.gist               topic_id=topic                         visitor
forum_desk.claims            topic_id=topic                         clerk moderator
forum_desk.index             -                                      clerk department moderator
forum_desk.open_topic        -                                      clerk moderator
forum_desk.conclude          topic_id=ended_topic                   clerk moderator
forum_desk.answer            topic_id=concluded_topic               department
moderation_desk.reports      -                                      clerk moderator
moderation_desk.hidden       -                                      clerk moderator
moderation_desk.dismissed    -                                      clerk moderator

assemblies.index             -                                      visitor
assemblies.detail            assembly_id=noticed                    visitor resident
assemblies.detail            assembly_id=minuted                    visitor
assemblies.detail            assembly_id=moved                      visitor
assemblies.detail            assembly_id=called_off                 visitor
assemblies_desk.index        -                                      chair clerk operator
assemblies_desk.show         assembly_id=planned                    clerk
assemblies_desk.show         assembly_id=noticed                    chair clerk operator
assemblies_desk.rules        -                                      chair clerk operator
assemblies_desk.call         -                                      clerk
assemblies_desk.edit         assembly_id=planned                    clerk
assemblies_desk.agenda       assembly_id=planned                    clerk
assemblies_desk.order        assembly_id=planned                    clerk
assemblies_desk.notice       assembly_id=planned                    clerk
assemblies_desk.close        assembly_id=meeting                    chair
room.close_assembly          assembly_id=meeting                    chair
assemblies_desk.correct_notice assembly_id=noticed                  clerk
assemblies_desk.call_off     assembly_id=noticed                    clerk
assemblies_desk.discard      assembly_id=planned                    clerk
assemblies_desk.show         assembly_id=called_off                 clerk
assemblies_desk.minutes      assembly_id=over                       clerk
assemblies_desk.correct_minutes assembly_id=minuted                 clerk
room.hall                    assembly_id=meeting                    visitor resident
room.hall                    assembly_id=meeting&tab=questions      resident
room.hall                    assembly_id=meeting&tab=floor          resident
room.feed                    assembly_id=meeting                    visitor
room.projector               assembly_id=meeting                    visitor
room.console                 assembly_id=meeting                    chair clerk moderator

ballots.index                -                                      visitor
ballots.detail               ballot_id=open_ballot                  visitor resident
ballots.detail               ballot_id=frozen_ballot                visitor
ballots.booth                ballot_id=open_ballot                  resident
ballots.receipt              ballot_id=cast_ballot                  resident
ballots.result               ballot_id=counted_ballot               visitor
ballots_desk.index           -                                      clerk officer observer
ballots_desk.draw            -                                      clerk officer
ballots_desk.show            ballot_id=draft_ballot                 clerk officer
ballots_desk.show            ballot_id=counted_ballot               observer
ballots_desk.revise          ballot_id=draft_ballot                 clerk officer
ballots_desk.act             ballot_id=draft_ballot&name=freeze     officer
ballots_desk.act             ballot_id=draft_ballot&name=discard    clerk
ballots_desk.act             ballot_id=closed_ballot&name=count     officer
ballots_desk.act             ballot_id=counted_ballot&name=certify  observer

commitments.index            -                                      visitor
commitments.detail           commitment_id=running                  visitor
commitments.detail           commitment_id=late                     visitor
commitments_desk.index       -                                      clerk department
commitments_desk.show        commitment_id=running                  clerk department
commitments_desk.delay       commitment_id=running                  clerk department
commitments_desk.milestones  commitment_id=running                  clerk department
commitments_desk.make        ballot_id=certified_ballot             clerk
commitments_desk.make        ballot_id=counted_ballot               clerk

audit_desk.rows              -                                      operator observer
audit_desk.one_chain         chain=ballot&subject_id=open_ballot    operator observer
"""


@dataclass(frozen=True)
class Example:
    """One page as one person sees it."""

    endpoint: str
    needs: tuple[tuple[str, str], ...]
    viewer: str

    def __str__(self) -> str:
        return "-".join([self.endpoint, *(value for _, value in self.needs), self.viewer])


def _read(table: str) -> list[Example]:
    found = []
    for line in filter(None, map(str.strip, table.splitlines())):
        endpoint, needs, *viewers = line.split()
        pairs = [] if needs == "-" else [tuple(one.split("=")) for one in needs.split("&")]
        found += [Example(endpoint, tuple(pairs), viewer) for viewer in viewers]
    return found


EXAMPLES = _read(TABLE)
