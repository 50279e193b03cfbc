#include "moments.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/archive/main_face.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/score/formula.hpp"
#include "pyro/store/segment.hpp"

namespace pyro::serve {
namespace {

std::size_t column_named(std::string_view name) {
  const auto columns = report::frame_columns();
  return static_cast<std::size_t>(
      std::ranges::find_if(columns, [&](const auto& column) { return column.name == name; }) -
      columns.begin());
}

struct Columns {
  std::size_t utc = column_named("utc"), face_id = column_named("face_id"),
              first_p = column_named(records::kEmotionNames.front());
};

std::optional<score::Probabilities> probabilities_at(const store::Segment& segment, std::size_t row,
                                                     const Columns& columns) {
  score::Probabilities p{};
  for (std::size_t i = 0; i < p.size(); ++i) {
    const report::Cell cell = segment.cell(row, columns.first_p + i);
    if (!std::holds_alternative<double>(cell)) return std::nullopt;
    p[i] = std::get<double>(cell);
  }
  return p;
}

}  // namespace

Result<Moments> moments_of(store::Connection& in, const std::string& session,
                           std::optional<std::int64_t> face_id, const Stretch& stretch, double around) {
  static const Columns columns;
  const auto rows = in.query(
      "SELECT bytes FROM segment WHERE session = $1 AND last_us >= $2 AND first_us <= $3 ORDER BY number",
      session, archive::us_of(stretch.from), archive::us_of(stretch.until));
  if (!rows) return tl::make_unexpected(rows.error());
  Moments out;
  for (const store::Row& row : *rows) {
    const auto segment = store::Segment::decode(std::get<store::Blob>(row[0]).bytes);
    if (!segment) return tl::make_unexpected(segment.error());
    for (std::size_t r = 0; r < segment->rows(); ++r) {
      const report::Cell utc = segment->cell(r, columns.utc), face = segment->cell(r, columns.face_id);
      if (!std::holds_alternative<UtcTime>(utc) || std::get<UtcTime>(utc) < stretch.from ||
          std::get<UtcTime>(utc) > stretch.until)
        continue;
      if (face_id &&
          (!std::holds_alternative<std::int64_t>(face) || std::get<std::int64_t>(face) != *face_id))
        continue;
      const auto p = probabilities_at(*segment, r, columns);
      if (!p) continue;
      const double score = score::step(*p, {});
      ++out.frames;
      out.score += score;
      out.deviation += std::abs(score - around);
      for (std::size_t i = 0; i < p->size(); ++i) out.p[i] += (*p)[i];
    }
  }
  return out;
}

Result<std::optional<SessionMean>> session_mean(store::Connection& in, const archive::Json& session) {
  const archive::Json summary = session.value("summary", archive::Json());
  if (const archive::Json* face = archive::main_face(summary)) {
    const auto mean = archive::figure_of(*face, "mean_score");
    if (mean) return SessionMean{face->value("face_id", std::int64_t{0}), *mean};
    return std::nullopt;
  }
  const auto all = moments_of(in, session.at("id"), std::nullopt, {UtcTime::min(), UtcTime::max()});
  if (!all) return tl::make_unexpected(all.error());
  if (all->frames == 0) return std::nullopt;
  return SessionMean{std::nullopt, all->score / static_cast<double>(all->frames)};
}

}  // namespace pyro::serve
