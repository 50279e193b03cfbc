// What happens to every request, in this order: route, rate, sign-in, forged-request check, contract,
// subject, decision, handler.
#pragma once

#include "office.hpp"

namespace pyro::serve {

class Desk : public App {
 public:
  // Error (failed): the contract has an operation without a handler, or the other way round, or an action
  // that access.hpp does not know.
  [[nodiscard]] static Result<std::unique_ptr<Desk>> open(Office& office);

  BodyRule body_rule(const Request& head) override;
  std::optional<Response> refuse_upload(const Request& head) override;
  Response answer(const Request& request) override;
  std::variant<Response, std::shared_ptr<Talk>> upgrade(const Request& request) override;
  Response refusal(int status, std::string_view detail, const std::string& request_id) override;

 private:
  explicit Desk(Office& office) : office_(office) {}
  Granted<Call> let_in(const Contract::Match& match, const Request& request);
  Status identify(Call& call, std::optional<Problem>& refused);
  Response finished(Answer answer, const Request& request) const;
  Response health(const Request& request);

  Office& office_;
  Handlers handlers_;
};

}  // namespace pyro::serve
