#include "access_table.hpp"

namespace pyro::security {

namespace {

constexpr std::string_view kIntroduction =
    "# Who may do what\n\n"
    "Made from `src/security/access_table.cpp`; `security_test` holds this file to it and, with "
    "`PYROMETER_WRITE_DOCS=1`, writes "
    "it.\n\n"
    "A cell says to whom the actor must stand in which relation, which consents must be in force, in which "
    "modes of the site, and "
    "what is seen if it is not everything. An empty cell is a refusal. The rules around the table:\n\n"
    "- *nobody's*: the site's own things, one's own account, or something new. *own*: the participant's own "
    "record. *patient*: a "
    "person who chose this clinician. *study*: a person assigned to an approved study of this researcher. "
    "*led*: the organisation or "
    "group that this lead leads. *delivers*: the person or session that the device was given for.\n"
    "- In mode `fatigue_and_surveys` no expression is computed: actions marked ° do not exist there, and "
    "those marked ′ show "
    "`survey_only`, which is questionnaires and fatigue.\n"
    "- `aggregate` is `survey_aggregate` (nothing that a face gave) unless the site's declared basis says "
    "more. Groups have at "
    "least k people, and only those with `group_aggregates` in force are counted.\n"
    "- A token also needs the scope in the second column; *login* means that no token may.\n\n";

std::string mark_of(Figures figures) {
  if (figures == Figures::none) return "";
  return figures == Figures::all ? "°" : "′";
}

std::string_view relation_words(Relation relation) {
  switch (relation) {
    case Relation::none:
      return "nobody's";
    case Relation::self:
      return "own";
    case Relation::chosen:
      return "patient";
    case Relation::assigned:
      return "study";
    case Relation::device:
      return "delivers";
    case Relation::leads:
      return "led";
  }
  return "";
}

std::string grant_words(const Grant& grant) {
  std::string words{relation_words(grant.relation)};
  for (std::size_t i = 0; i < kScopes; ++i) {
    if (const auto scope = static_cast<Scope>(i); grant.consents.has(scope))
      words += " + `" + std::string{scope_name(scope)} + "`";
  }
  std::string modes;
  bool everywhere = true;
  for (std::size_t i = 0; i < kModes; ++i) {
    const auto mode = static_cast<Mode>(i);
    if (!grant.modes.has(mode) ||
        (mode == Mode::fatigue_and_surveys && facts_of(grant.action).figures == Figures::all)) {
      everywhere = everywhere && grant.modes.has(mode);
      continue;
    }
    modes += (modes.empty() ? "" : ", ") + std::string{mode_name(mode)};
  }
  if (!everywhere) words += " (" + modes + ")";
  if (grant.view != View::full) words += " → " + std::string{view_name(grant.view)};
  return words;
}

}  // namespace

std::string access_page() {
  std::string page{kIntroduction};
  std::string rule = "|---|---|";
  page += "| action | token |";
  for (std::size_t role = 0; role < kRoles; ++role) {
    page += " " + std::string{role_name(static_cast<Role>(role))} + " |";
    rule += "---|";
  }
  page += "\n" + rule + "\n";
  for (const ActionFacts& facts : all_actions()) {
    page += "| `" + std::string{facts.name} + "`" + mark_of(facts.figures) + " | ";
    page += (facts.token ? token_scope_name(*facts.token) : std::string_view{"login"});
    page += " |";
    for (std::size_t role = 0; role < kRoles; ++role) {
      std::string cell;
      for (const Grant& grant : all_grants()) {
        if (grant.action != facts.action || grant.role != static_cast<Role>(role)) continue;
        cell += (cell.empty() ? " " : "; ") + grant_words(grant);
      }
      page += cell + " |";
    }
    page += "\n";
  }
  return page;
}

}  // namespace pyro::security
