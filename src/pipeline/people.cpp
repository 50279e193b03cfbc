#include "people.hpp"

namespace pyro::pipeline {

People::People(const WalkSettings& settings, Seconds memory)
    : score_settings_(settings.score), memory_(memory), tracker_(settings.tracking) {
  observations_.reserve(static_cast<std::size_t>(settings.faces.max_faces));
}

std::span<const records::Observation> People::meet(const records::Frame& frame, Seen& seen) {
  tracker_.assign(frame.time, seen.faces);
  observations_.resize(std::max<std::size_t>(seen.faces.size(), 1));
  for (std::size_t i = 0; i < seen.faces.size(); ++i)
    observe(frame, seen.faces[i], seen.expressions[i], observations_[i]);
  if (seen.faces.empty()) {
    records::Observation& nobody = observations_.front();
    nobody = {};
    nobody.frame = frame.index;
    nobody.time = frame.time;
    nobody.utc = frame.utc;
    nobody.face.quality.reason = records::GapReason::no_face;
  }
  for (auto& [id, person] : people_) {
    if (person.last_frame == frame.index) continue;
    person.fatigue.gap(frame.time);
    person.scorer.update(frame.time, false, {}, {});
  }
  return observations_;
}

void People::observe(const records::Frame& frame, const records::FaceMesh& face,
                     const records::Expression& expression, records::Observation& out) {
  auto found = people_.find(face.face_id);
  if (found == people_.end()) {
    found = people_
                .emplace(face.face_id, Person{signals::FatigueMeter{}, signals::SmoothedExpression{memory_},
                                              score::Scorer{score_settings_}})
                .first;
  }
  Person& person = found->second;
  person.last_frame = frame.index;
  out.frame = frame.index;
  out.time = frame.time;
  out.utc = frame.utc;
  out.face = face;
  out.expression = person.expression.update(frame.time, expression);
  out.valid = face.quality.reason == records::GapReason::none;
  out.fatigue = person.fatigue.update(frame.time, face);
  // Without an expression there is nothing to score: a gap is no zero.
  const bool scored = out.valid && expression.known();
  out.score = person.scorer.update(frame.time, scored, out.expression, out.fatigue);
}

}  // namespace pyro::pipeline
