// The part of the walk that has memory: who is who, and each person's fatigue and score so far. Runs in frame
// order.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "pyro/pipeline/walk.hpp"
#include "pyro/signals/expression_reader.hpp"
#include "pyro/signals/fatigue_meter.hpp"

namespace pyro::pipeline {

// What one frame gave on its own, before anybody is recognised: expressions[i] belongs to faces[i] and is
// empty (not a number) where the face is not usable or no expression is wanted.
struct Seen {
  std::vector<records::FaceMesh> faces;
  std::vector<records::Expression> expressions;
};

class People {
 public:
  // `memory`: for how long an expression remembers (signals::ExpressionReader::memory).
  People(const WalkSettings& settings, Seconds memory);

  // Gives the faces their ids, feeds meters and scorers, and returns one observation per face, or one that
  // says why there is none. The span is valid until the next call; nothing is allocated unless somebody new
  // appears.
  std::span<const records::Observation> meet(const records::Frame& frame, Seen& seen);

 private:
  struct Person {
    signals::FatigueMeter fatigue;
    signals::SmoothedExpression expression;
    score::Scorer scorer;
    std::int64_t last_frame = -1;
  };

  void observe(const records::Frame& frame, const records::FaceMesh& face,
               const records::Expression& expression, records::Observation& out);

  score::ScoreSettings score_settings_;
  Seconds memory_;
  face::Tracker tracker_;
  std::map<std::int32_t, Person> people_;
  std::vector<records::Observation> observations_;
};

}  // namespace pyro::pipeline
