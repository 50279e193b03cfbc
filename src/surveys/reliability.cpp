#include "pyro/surveys/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "pyro/stats/distributions.hpp"

namespace pyro::surveys {
namespace {

using Table = std::vector<std::vector<double>>;  // a row a person
using Json = nlohmann::ordered_json;

struct Spread {
  double mean = 0, variance = 0;  // with n - 1
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  for (const double value : values) spread.mean += value;
  spread.mean /= static_cast<double>(values.size());
  for (const double value : values) spread.variance += (value - spread.mean) * (value - spread.mean);
  spread.variance /= static_cast<double>(values.size() - 1);
  return spread;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const Spread of_a = spread_of(a), of_b = spread_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - of_a.mean) * (b[i] - of_b.mean);
  return sum / static_cast<double>(a.size() - 1) / std::sqrt(of_a.variance * of_b.variance);
}

std::vector<double> column(const Table& table, std::size_t item) {
  std::vector<double> values;
  for (const std::vector<double>& row : table) values.push_back(row[item]);
  return values;
}

std::vector<double> sums(const Table& table) {
  std::vector<double> values;
  for (const std::vector<double>& row : table) {
    double sum = 0;
    for (const double answer : row) sum += answer;
    values.push_back(sum);
  }
  return values;
}

Status check_table(const Table& table) {
  if (table.size() < 3)
    return bad_input(std::to_string(table.size()) +
                     " complete responses are too few for reliability; it needs 3, and 100 to say something");
  if (table.front().size() < 2)
    return bad_input("reliability of a single item is not defined by its answers alone");
  for (std::size_t i = 0; i < table.front().size(); ++i) {
    if (spread_of(column(table, i)).variance == 0)
      return bad_input("everybody answered item " + std::to_string(i + 1) +
                       " of the scale alike; reliability is not defined then");
  }
  if (spread_of(sums(table)).variance == 0)
    return bad_input("everybody has the same sum; reliability is not defined then");
  return {};
}

// The loadings of one factor that leave the least sum of squares off the diagonal. Each in turn is set to its
// best value with the others held, which never makes the sum larger.
Omega one_factor(const Table& correlations) {
  const std::size_t k = correlations.size();
  // From the longest axis of the correlations, by powers; uneven at first, so as not to lie across it.
  std::vector<double> loadings(k);
  for (std::size_t i = 0; i < k; ++i) loadings[i] = 1 + 0.01 * static_cast<double>(i);
  for (int round = 0; round < 100; ++round) {
    std::vector<double> next(k, 0);
    double squares = 0;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) next[i] += correlations[i][j] * loadings[j];
      squares += next[i] * next[i];
    }
    for (std::size_t i = 0; i < k; ++i) loadings[i] = next[i] / std::sqrt(squares);
  }
  Omega omega;
  double change = 1;
  for (int round = 0; round < 100'000 && change > 1e-14; ++round) {
    change = 0;
    omega.improper = false;
    for (std::size_t i = 0; i < k; ++i) {
      double shared = 0, squares = 0;
      for (std::size_t j = 0; j < k; ++j) {
        if (j == i) continue;
        shared += correlations[i][j] * loadings[j];
        squares += loadings[j] * loadings[j];
      }
      const double best = squares > 0 ? shared / squares : 0;
      omega.improper = omega.improper || std::abs(best) > 1;
      change = std::max(change, std::abs(std::clamp(best, -1.0, 1.0) - loadings[i]));
      loadings[i] = std::clamp(best, -1.0, 1.0);
    }
  }
  double sum = 0;
  for (const double loading : loadings) sum += loading;
  if (sum < 0) {
    for (double& loading : loadings) loading = -loading;
  }
  omega.loadings = std::move(loadings);
  return omega;
}

}  // namespace

Result<Alpha> cronbach_alpha(const Table& table) {
  if (const Status good = check_table(table); !good) return tl::make_unexpected(good.error());
  const auto n = static_cast<double>(table.size()), k = static_cast<double>(table.front().size());
  double parts = 0;
  for (std::size_t i = 0; i < table.front().size(); ++i) parts += spread_of(column(table, i)).variance;
  const double alpha = k / (k - 1) * (1 - parts / spread_of(sums(table)).variance);
  const double d1 = n - 1, d2 = (n - 1) * (k - 1);
  return Alpha{alpha, 1 - (1 - alpha) * stats::f_quantile(0.975, d1, d2),
               1 - (1 - alpha) * stats::f_quantile(0.025, d1, d2)};
}

Result<Omega> mcdonald_omega(const Table& table) {
  if (const Status good = check_table(table); !good) return tl::make_unexpected(good.error());
  const std::size_t k = table.front().size();
  if (k < 3) return bad_input("one factor is not determined by two items; omega needs three");
  Table columns, correlations(k, std::vector<double>(k, 1));
  for (std::size_t i = 0; i < k; ++i) columns.push_back(column(table, i));
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      correlations[i][j] = correlations[j][i] = correlation(columns[i], columns[j]);
  }
  Omega omega = one_factor(correlations);
  double common = 0, unique = 0;
  for (std::size_t i = 0; i < k; ++i) {
    const double variance = spread_of(columns[i]).variance;
    common += omega.loadings[i] * std::sqrt(variance);
    unique += (1 - omega.loadings[i] * omega.loadings[i]) * variance;
  }
  omega.value = common * common / (common * common + unique);
  return omega;
}

Result<Reliability> reliability(const Instrument& instrument, const Scale& scale,
                                const std::vector<Response>& responses) {
  Reliability result;
  result.scale = scale.id;
  Table table;
  for (const Response* response : first_of_each(responses)) {
    std::vector<double> row;
    for (const int item : scale.items) {
      const std::optional<int>& answer = response->answers[static_cast<std::size_t>(item - 1)];
      if (answer) row.push_back(instrument.keyed(item, *answer));
    }
    if (row.size() == scale.items.size()) {
      table.push_back(std::move(row));
    } else {
      ++result.incomplete;
    }
  }
  result.n = table.size();
  const Result<Alpha> alpha = cronbach_alpha(table);
  if (!alpha) return bad_input("scale \"" + scale.id + "\": " + alpha.error().message);
  result.alpha = *alpha;
  if (scale.items.size() >= 3) {
    Result<Omega> omega = mcdonald_omega(table);
    if (!omega) return bad_input("scale \"" + scale.id + "\": " + omega.error().message);
    result.omega = std::move(*omega);
  }
  const std::vector<double> total = sums(table);
  for (std::size_t i = 0; i < scale.items.size(); ++i) {
    const std::vector<double> answers = column(table, i);
    std::vector<double> rest = total;
    for (std::size_t row = 0; row < rest.size(); ++row) rest[row] -= answers[row];
    const Spread spread = spread_of(answers);
    result.items.push_back(
        {scale.items[i], spread.mean, std::sqrt(spread.variance), correlation(answers, rest)});
  }
  return result;
}

std::vector<const Response*> first_of_each(const std::vector<Response>& responses) {
  std::vector<const Response*> in_time;
  in_time.reserve(responses.size());
  for (const Response& response : responses) in_time.push_back(&response);
  std::ranges::stable_sort(in_time, {}, [](const Response* response) {
    return std::pair{response->person, response->time};
  });
  const auto again =
      std::ranges::unique(in_time, {}, [](const Response* response) { return response->person; });
  in_time.erase(again.begin(), again.end());
  return in_time;
}

Json to_json(const Reliability& reliability) {
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json{}; };
  Json items = Json::array();
  for (std::size_t i = 0; i < reliability.items.size(); ++i) {
    const ItemFigures& one = reliability.items[i];
    items.push_back({{"item", one.item},
                     {"mean", one.mean},
                     {"sd", one.sd},
                     {"item_rest", number(one.item_rest)},
                     {"loading", reliability.omega ? Json(reliability.omega->loadings[i]) : Json{}}});
  }
  Json omega;
  if (reliability.omega) {
    omega = {{"value", reliability.omega->value},
             {"method", "omega total, one factor by minimum residuals"},
             {"improper", reliability.omega->improper}};
  }
  return {{"scale", reliability.scale},
          {"n", reliability.n},
          {"incomplete", reliability.incomplete},
          {"alpha",
           {{"value", reliability.alpha.value},
            {"low", reliability.alpha.low},
            {"high", reliability.alpha.high},
            {"interval", "95 %, Feldt"}}},
          {"omega", omega},
          {"items", items}};
}

}  // namespace pyro::surveys
