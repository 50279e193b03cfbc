#include "mapping.hpp"

#include <algorithm>
#include <chrono>

#include "pyro/signals/embedding_map.hpp"

namespace pyro::cli {

Result<Outcome> place_all(const infer::ModelStore& models, const pipeline::WalkSettings& settings,
                          const std::string& map_name, bool cropped, const std::vector<datasets::Item>& items,
                          const Pace& pace) {
  pipeline::WalkSettings looking = settings;
  looking.expressions = false;  // read here, by a network whose embedding can be asked for
  auto net =
      signals::ExpressionNet::create(models, settings.expression_model, settings.head, settings.precision);
  if (!net) return tl::make_unexpected(net.error());
  auto map = signals::EmbeddingMap::create(models, settings.expression_model, map_name);
  if (!map) return tl::make_unexpected(map.error());
  Result<pipeline::StillReader> reader = pipeline::StillReader::create(models, looking, cropped);
  if (!reader) return tl::make_unexpected(reader.error());
  const Result<std::vector<SeenFace>> seen = faces_of(*reader, items, pace);
  if (!seen) return tl::make_unexpected(seen.error());
  Outcome outcome;
  outcome.fitted.assign(map->fitted().begin(), map->fitted().end());
  std::vector<double> times_us;
  for (std::size_t i = 0; i < seen->size(); ++i) {
    const SeenFace& one = (*seen)[i];
    if (!one.face) {
      ++outcome.missed[one.missed_because];
      continue;
    }
    const Result<records::Expression> expression = net->read(*one.face);
    if (!expression) return tl::make_unexpected(expression.error());
    const std::span<const float> embedding = net->embedding();
    const auto start = std::chrono::steady_clock::now();
    const Result<records::MapPoint> at = map->project(embedding);
    if (!at) return tl::make_unexpected(at.error());
    times_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
    outcome.faces.push_back({&items[i], i, *one.face, static_cast<int>(expression->label()), *at});
    outcome.embeddings.insert(outcome.embeddings.end(), embedding.begin(), embedding.end());
  }
  if (!times_us.empty()) {
    const auto middle = times_us.begin() + static_cast<std::ptrdiff_t>(times_us.size() / 2);
    std::ranges::nth_element(times_us, middle);
    outcome.projection_us = *middle;
  }
  return outcome;
}

}  // namespace pyro::cli
