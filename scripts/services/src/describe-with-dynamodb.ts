import { describeWith, isInstalled, type Need } from './describe-with.js'

const dynamodb: Need = {
  name: 'dynamodb',
  isThere: () => isInstalled('java'),
  remedy: 'apt-get install --no-install-recommends openjdk-17-jre-headless',
}

/** `describe`, for tests that need DynamoDB Local. */
export function describeWithDynamodb(title: string, body: () => void): void {
  describeWith([dynamodb], title, body)
}
