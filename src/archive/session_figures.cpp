#include "pyro/archive/session_figures.hpp"

#include "pyro/archive/main_face.hpp"

namespace pyro::archive {
namespace {

struct Figures {
  std::optional<double> index, perclos, readable_share;
};

Figures figures_of(const Json& summary) {
  const Json* face = main_face(summary);
  if (face == nullptr) return {};
  return {figure_of(*face, "index"), figure_of(*face, "perclos"), readable_share(*face)};
}

store::Value value_of(const std::optional<double>& number) {
  return number ? store::Value{*number} : store::Value{};
}

}  // namespace

Json session_figures(const Json& fields) {
  const auto summary = fields.find("summary");
  if (summary == fields.end()) return Json::object();
  const Figures figures = figures_of(*summary);
  const auto json = [](const std::optional<double>& number) { return number ? Json(*number) : Json(); };
  return {{"main_index", json(figures.index)},
          {"main_perclos", json(figures.perclos)},
          {"readable_share", json(figures.readable_share)}};
}

Status fill_session_figures(store::Connection& in) {
  std::string last = "00000000-0000-0000-0000-000000000000";
  for (bool more = true; more;) {
    const auto rows = in.query(
        "SELECT id, summary FROM session WHERE id > $1 AND summary IS NOT NULL AND readable_share IS NULL "
        "ORDER BY id LIMIT 500",
        last);
    if (!rows) return tl::make_unexpected(rows.error());
    more = !rows->empty();
    for (const store::Row& row : *rows) {
      last = std::get<std::string>(row[0]);
      const Figures figures = figures_of(Json::parse(std::get<std::string>(row[1]), nullptr, false));
      if (!figures.readable_share) continue;
      const auto kept = in.change(
          "UPDATE session SET main_index = $2, main_perclos = $3, readable_share = $4 WHERE id = $1", last,
          value_of(figures.index), value_of(figures.perclos), value_of(figures.readable_share));
      if (!kept) return tl::make_unexpected(kept.error());
    }
  }
  return {};
}

}  // namespace pyro::archive
